import { describe, expect, it } from 'vitest';
import { offerPage, unknownPage } from '#functions/follow-link/landing-page.ts';

const OFFER = {
  title: { en: 'Half <b>off</b>', zh: '五折' },
  body: { en: `"Today" & only`, zh: '仅今天' },
};

describe('the landing page of a push', () => {
  it('shows the offer in the reader’s language, and escapes the campaign’s text', () => {
    expect(offerPage(OFFER, 'zh')).toContain('五折');
    const page = offerPage(OFFER, 'en');
    expect(page).toContain('Half &#60;b&#62;off&#60;/b&#62;');
    expect(page).toContain('&#34;Today&#34; &#38; only');
    expect(page).toMatch(/^<!doctype html><html lang="en">/);
  });

  it('loads no resource, and is excluded from search engines', () => {
    for (const page of [offerPage(OFFER, 'zh'), unknownPage('en')]) {
      expect(page).not.toMatch(/<script|<img|<link|url\(|https?:/);
      expect(page).toContain('noindex');
    }
  });
});
