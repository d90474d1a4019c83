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
    from: '发送者：',
    refuse: '不再接收此类推送',
    ask: '不再接收推送？',
    asked: '确认后，我们不会再向您的手机发送优惠推送。您可以随时在应用内重新开启。',
    confirm: '不再接收',
    refused: '已退订',
    done: '我们不会再向您的手机发送优惠推送。',
  },
  en: {
    lang: 'en',
    gone: 'This link has expired',
    why: 'The offer may have ended. You are welcome in the store.',
    show: 'Show this page in the store',
    from: 'Sent by ',
    refuse: 'Stop these pushes',
    ask: 'Stop these pushes?',
    asked: 'We will send no more offers to your phone. You can change your mind in the app at any time.',
    confirm: 'Stop them',
    refused: 'Unsubscribed',
    done: 'We will send no more offers to your phone.',
  },
} as const;

const STYLE = `*{box-sizing:border-box}body{margin:0;min-height:100svh;display:grid;place-items:center;padding:24px;
font:17px/1.5 system-ui,-apple-system,"PingFang SC","Noto Sans CJK SC","Noto Sans SC",sans-serif;color:#1c2321;background:#f4f1ea}
main{max-width:26rem;width:100%;background:#fff;border-radius:20px;padding:32px 28px;box-shadow:0 1px 2px #0001,0 12px 32px #0000000f}
h1{margin:0 0 12px;font-size:26px;line-height:1.25;text-wrap:balance}p{margin:0}
small{display:block;margin-top:28px;padding-top:16px;border-top:1px solid #0001;color:#5d6763;font-size:14px}
a{color:inherit}button{margin-top:20px;font:inherit;padding:10px 22px;border:0;border-radius:12px;color:#fff;background:#1c2321;cursor:pointer}
@media(prefers-color-scheme:dark){body{background:#151917;color:#e9ece9}main{background:#1f2523;box-shadow:none}small{color:#9aa5a0;border-color:#fff2}}`;

const page = (language: Language, title: string, inner: string): string =>
  `<!doctype html><html lang="${WORDS[language].lang}"><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noindex"><title>${escaped(title)}</title><style>${STYLE}</style><main>${inner}</main></html>`;

/** The sender of a push, and the path of the page on which further ones are refused. */
export interface PushOrigin {
  readonly sender: string;
  readonly refusePath: string;
}

const originLine = ({ sender, refusePath }: PushOrigin, language: Language): string => {
  const { from, refuse } = WORDS[language];
  return `${from}${escaped(sender)} · <a href="${escaped(refusePath)}">${refuse}</a>`;
};

/** Returns the page of an offer, with the sender of its push and the way to refuse further ones. */
export function offerPage(offer: Offer, language: Language, origin: PushOrigin): string {
  const title = offer.title[language];
  const { show } = WORDS[language];
  const small = `<small>${show}<br>${originLine(origin, language)}</small>`;
  return page(language, title, `<h1>${escaped(title)}</h1><p>${escaped(offer.body[language])}</p>${small}`);
}

/** Returns the page that asks whether to refuse further pushes; its button posts to the same address. */
export function refusePage(language: Language, sender: string): string {
  const { ask, asked, confirm, from } = WORDS[language];
  const form = `<form method="post"><button>${confirm}</button></form>`;
  return page(language, ask, `<h1>${ask}</h1><p>${asked}</p>${form}<small>${from}${escaped(sender)}</small>`);
}

/** Returns the page after pushes were refused. */
export function refusedPage(language: Language): string {
  const { refused, done } = WORDS[language];
  return page(language, refused, `<h1>${refused}</h1><p>${done}</p>`);
}

/** Returns the page of a link that is unknown or expired. */
export function unknownPage(language: Language): string {
  const { gone, why } = WORDS[language];
  return page(language, gone, `<h1>${gone}</h1><p>${why}</p>`);
}
