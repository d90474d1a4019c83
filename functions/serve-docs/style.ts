/** The style of the page, a constant because the content security policy names its hash. */

export const STYLE = `
:root { color-scheme: light dark; --background: #f1f4f3; --surface: #fff; --ink: #12201b; --quiet: #53635c;
  --line: #dfe6e3; --accent: #0b6b54; --code: #e9efec; --bad: #9c2418; --read: #1d5a9e; --change: #855000; }
@media (prefers-color-scheme: dark) { :root { --background: #0d1311; --surface: #151d1a; --ink: #e9f0ed;
  --quiet: #9db0a8; --line: #27322e; --accent: #55c5a2; --code: #1d2925; --bad: #ff9d8f; --read: #8fc0f7; --change: #ecb866; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--background); color: var(--ink); font: 15px/1.5 system-ui, -apple-system, 'Segoe UI',
  Roboto, 'PingFang SC', 'Noto Sans CJK SC', sans-serif; overflow-wrap: anywhere; }
header, main { max-width: 860px; margin: 0 auto; padding: 0 16px; }
header { padding-top: 28px; }
h1 { margin: 0; font-size: 28px; letter-spacing: -0.015em; }
h1 small { font-size: 14px; font-weight: 400; color: var(--quiet); letter-spacing: 0; }
h2 { margin: 0 0 6px; font-size: 20px; }
nav h2 { margin: 18px 0 2px; font-size: 15px; }
nav h2 small { font-size: 14px; font-weight: 400; color: var(--quiet); }
h3 { margin: 22px 0 6px; font-size: 15px; }
h4 { margin: 14px 0 4px; font-size: 14px; color: var(--quiet); }
p { margin: 0 0 8px; }
a { color: var(--accent); }
.summary { font-size: 16px; }
.quiet, .quiet a { color: var(--quiet); font-size: 14px; }
nav ul { margin: 0; padding: 0; list-style: none; }
nav li { margin: 6px 0; }
nav a { text-decoration: none; }
main > section { margin: 0 0 16px; padding: 18px 16px; border-radius: 16px; background: var(--surface); }
code { padding: 1px 5px; border-radius: 5px; background: var(--code); font: 13px/1.5 ui-monospace, Menlo, Consolas, monospace; }
pre { margin: 0 0 12px; padding: 12px 14px; overflow-x: auto; border-radius: 10px; background: var(--code); }
pre code { padding: 0; background: none; overflow-wrap: normal; }
.method { color: var(--accent); font-size: 0.82em; letter-spacing: 0.03em; }
.method.get { color: var(--read); }
.method.put { color: var(--change); }
.method.delete { color: var(--bad); }
dl { margin: 0 0 12px; }
dl > div { margin: 0 0 10px; }
dd { margin: 2px 0 0; }
.fields { margin: 0 0 8px; padding: 0; list-style: none; border-top: 1px solid var(--line); }
.fields li { padding: 9px 0; border-bottom: 1px solid var(--line); }
.fields li p { margin: 0 0 2px; }
.fields .fields { margin: 8px 0 0 6px; padding-left: 12px; border-left: 2px solid var(--line); border-top: 0; }
.points, .fields .points { margin: 0 0 8px; padding-left: 20px; }
.points li, .fields .points li { padding: 1px 0; border: 0; }
.name { font-weight: 650; background: none; padding: 0; font-size: 14px; }
.type { color: var(--quiet); }
.optional { padding: 1px 7px; border: 1px solid var(--line); border-radius: 9px; color: var(--quiet); font-size: 12px; white-space: nowrap; }
.response { border-bottom: 1px solid var(--line); }
.response summary { padding: 9px 0; cursor: pointer; }
.status.good { color: var(--accent); }
.status.bad { color: var(--bad); }
.schema { padding-top: 2px; scroll-margin-top: 12px; }
:target { scroll-margin-top: 12px; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
@media (min-width: 700px) { main > section { padding: 24px 28px; } }
`;
