/** The landing page of a push whose campaign names no other: the offer in the reader's language, without any resource to load. */
import type { Offer } from '#domain/campaigns/campaign.ts';

type Language = keyof Offer['title'];

const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

const WORDS = {
  zh: {
    lang: 'zh-CN',
    gone: '这个链接已失效',
    why: '优惠可能已经结束。欢迎到店看看。',
    show: '到店出示本页即可',
  },
  en: {
    lang: 'en',
    gone: 'This link has expired',
    why: 'The offer may have ended. You are welcome in the store.',
    show: 'Show this page in the store',
  },
} as const;

const STYLE = `*{box-sizing:border-box}body{margin:0;min-height:100svh;display:grid;place-items:center;padding:24px;
font:17px/1.5 system-ui,-apple-system,"PingFang SC","Noto Sans CJK SC","Noto Sans SC",sans-serif;color:#1c2321;background:#f4f1ea}
main{max-width:26rem;width:100%;background:#fff;border-radius:20px;padding:32px 28px;box-shadow:0 1px 2px #0001,0 12px 32px #0000000f}
h1{margin:0 0 12px;font-size:26px;line-height:1.25;text-wrap:balance}p{margin:0}
small{display:block;margin-top:28px;padding-top:16px;border-top:1px solid #0001;color:#5d6763;font-size:14px}
@media(prefers-color-scheme:dark){body{background:#151917;color:#e9ece9}main{background:#1f2523;box-shadow:none}small{color:#9aa5a0;border-color:#fff2}}`;

const page = (language: Language, title: string, inner: string): string =>
  `<!doctype html><html lang="${WORDS[language].lang}"><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noindex"><title>${escaped(title)}</title><style>${STYLE}</style><main>${inner}</main></html>`;

/** Returns the page of an offer. */
export function offerPage(offer: Offer, language: Language): string {
  const title = offer.title[language];
  return page(
    language,
    title,
    `<h1>${escaped(title)}</h1><p>${escaped(offer.body[language])}</p><small>${WORDS[language].show}</small>`,
  );
}

/** Returns the page of a link that is unknown or expired. */
export function unknownPage(language: Language): string {
  const { gone, why } = WORDS[language];
  return page(language, gone, `<h1>${gone}</h1><p>${why}</p>`);
}
