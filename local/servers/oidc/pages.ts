/**
 * The issuer's pages, in Chinese and English: sign-in, sign-out and errors. Plain HTML with inline style, so
 * that they load nothing from the web app, which requires a sign-in.
 */
import type { StaffMember } from './staff.ts';

/** Display names of the roles. */
const ROLES: Readonly<Record<string, { readonly zh: string; readonly en: string }>> = {
  boss: { zh: '老板', en: 'Owner' },
  'regional-manager': { zh: '大区经理', en: 'Regional manager' },
  'city-manager': { zh: '城市经理', en: 'City manager' },
  'store-manager': { zh: '店长', en: 'Store manager' },
  'sales-ops': { zh: '销售运营', en: 'Sales operations' },
  'campaign-editor': { zh: '活动编辑', en: 'Campaign editor' },
  'privacy-officer': { zh: '隐私专员', en: 'Privacy officer' },
};

/** Display names of the levels of a scope. */
const LEVELS: Readonly<Record<string, { readonly zh: string; readonly en: string }>> = {
  chain: { zh: '全部门店', en: 'every store' },
  region: { zh: '大区', en: 'region' },
  city: { zh: '城市', en: 'city' },
  store: { zh: '门店', en: 'store' },
};

/** Returns the page on which one of the staff is chosen; `action` receives the form. */
export function signInPage(action: string, staff: readonly StaffMember[]): string {
  const cards = staff.map(
    (member) => `
      <button name="person" value="${escapeHtml(member.id)}">
        <span class="face" aria-hidden="true">${escapeHtml([...member.name][0] ?? '')}</span>
        <span><b>${escapeHtml(member.name)}</b>${describe(member)
          .map((line) => `<small>${escapeHtml(line)}</small>`)
          .join('')}</span>
      </button>`,
  );
  return page(
    '你是谁？',
    'Who are you?',
    `<form method="post" action="${escapeHtml(action)}">${cards.join('')}</form>
     <p>本机演示，无需密码。<br>This sign-in runs on your machine and asks for no password.</p>`,
  );
}

/**
 * Returns the page that confirms a sign-out by itself. The form is the provider's and carries its
 * anti-forgery token.
 */
export function signOutPage(form: string): string {
  const confirmed = form.replace('</form>', '<input type="hidden" name="logout" value="yes"></form>');
  return page(
    '正在退出…',
    'Signing out…',
    `${confirmed}<button form="op.logoutForm">退出 Sign out</button>
     <script>document.forms[0].submit()</script>`,
  );
}

/** Returns the page shown after a sign-out. */
export function signedOutPage(): string {
  return page('已退出', 'You are signed out', '<p><a href="/">返回 Back to Aisle</a></p>');
}

/** Returns the page that shows an OAuth error. */
export function errorPage(code: string, description: string): string {
  return page(
    '登录没有完成',
    'The sign-in failed',
    `<p>${escapeHtml(description)}<br><small>${escapeHtml(code)}</small></p><p><a href="/">重新开始 Start again</a></p>`,
  );
}

/** Returns role and scope, in Chinese and in English. */
function describe({ groups }: StaffMember): readonly [zh: string, en: string] {
  const named = (kind: string) =>
    groups.find((group) => group.startsWith(`${kind}:`))?.slice(kind.length + 1) ?? '';
  const role = ROLES[named('role')];
  const [level = '', place = ''] = named('scope').split(':');
  const where = LEVELS[level];
  const zh = [role?.zh, where && `${where.zh}${place && ` ${place}`}`];
  const en = [role?.en, where && `${where.en}${place && ` ${place}`}`];
  return [zh.filter(Boolean).join('，'), en.filter(Boolean).join(', ')];
}

function page(zh: string, en: string, body: string): string {
  return `<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${zh} ${en}</title>
<style>${STYLE}</style>
</head>
<body><main><h1>${zh}<small>${en}</small></h1>${body}</main></body>
</html>
`;
}

const STYLE = `
:root { color-scheme: light dark; --ink: #1c2024; --quiet: #60666d; --card: #fff; --background: #f4f2ee; --line: #e2ded6; --accent: #0b6e5b }
@media (prefers-color-scheme: dark) { :root { --ink: #eceae6; --quiet: #a0a5ab; --card: #24272b; --background: #17191c; --line: #34383d; --accent: #5cc8af } }
* { box-sizing: border-box }
body { margin: 0; min-height: 100dvh; display: grid; place-items: center; background: var(--background); color: var(--ink); font: 16px/1.5 system-ui, "PingFang SC", "Noto Sans SC", sans-serif }
main { width: min(26rem, 100%); padding: 2rem 1.25rem }
h1 { margin: 0 0 1.25rem; font-size: 1.5rem; font-weight: 650 }
small { display: block; font-size: .875rem; font-weight: 400; color: var(--quiet) }
form { display: grid; gap: .625rem }
button { display: flex; gap: .875rem; align-items: center; width: 100%; min-height: 4rem; padding: .75rem 1rem; text-align: start; font: inherit; color: inherit; background: var(--card); border: 1px solid var(--line); border-radius: .875rem; cursor: pointer }
button:hover, button:focus-visible { border-color: var(--accent); outline: 2px solid var(--accent); outline-offset: -1px }
.face { flex: none; width: 2.5rem; height: 2.5rem; display: grid; place-items: center; border-radius: 50%; background: var(--accent); color: var(--card); font-weight: 600 }
p { margin: 1.25rem 0 0; font-size: .875rem; color: var(--quiet) }
a { color: var(--accent) }
`;

function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
