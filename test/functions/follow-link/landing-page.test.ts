import { describe, expect, it } from 'vitest';
import { offerPage, refusedPage, refusePage, unknownPage } from '#functions/follow-link/landing-page.ts';

const OFFER = {
  title: { en: 'Half <b>off</b>', zh: '五折' },
  body: { en: `"Today" & only`, zh: '仅今天' },
};

const ORIGIN = { sender: 'Demo <Electronics>', refusePath: '/c/T/refuse' };

describe('the landing page of a push', () => {
  it('shows the offer in the reader’s language, and escapes the campaign’s text', () => {
    expect(offerPage(OFFER, 'zh', ORIGIN)).toContain('五折');
    const page = offerPage(OFFER, 'en', ORIGIN);
    expect(page).toContain('Half &#60;b&#62;off&#60;/b&#62;');
    expect(page).toContain('&#34;Today&#34; &#38; only');
    expect(page).toMatch(/^<!doctype html><html lang="en">/);
  });

  it('loads no resource, and is excluded from search engines', () => {
    for (const page of [
      offerPage(OFFER, 'zh', ORIGIN),
      unknownPage('en'),
      refusePage('zh', 'Demo'),
      refusedPage('en'),
    ]) {
      expect(page).not.toMatch(/<script|<img|<link|url\(|https?:/);
      expect(page).toContain('noindex');
    }
  });

  it('names the sender and the way to refuse (LAW sender)', () => {
    const page = offerPage(OFFER, 'en', ORIGIN);
    expect(page).toContain('Sent by Demo &#60;Electronics&#62;');
    expect(page).toContain('<a href="/c/T/refuse">Stop these pushes</a>');
    expect(offerPage(OFFER, 'zh', ORIGIN)).toContain('不再接收此类推送');
    expect(refusePage('zh', 'Demo')).toContain('<form method="post"><button>不再接收</button></form>');
    expect(refusedPage('en')).toContain('Unsubscribed');
  });
});
