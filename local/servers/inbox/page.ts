/** The inbox's page: the lock screen of a phone, with nothing in it that comes from elsewhere. */
import { runInbox } from './page-script.ts';

/** Words are put in by the script, which knows the browser's language. */
export function inboxPage(nonce: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
<meta name="theme-color" content="#16302f">
<title>Inbox</title>
<style nonce="${nonce}">${STYLE}</style>
</head>
<body>
<main id="screen">
  <header><p id="day"></p><h1 id="clock"></h1></header>
  <section id="notes">
    <ol id="fresh"></ol>
    <div id="empty" hidden></div>
    <div id="earlier" hidden><h2 id="earlier-heading"></h2><ol id="earlier-notes"></ol></div>
  </section>
  <p id="status" role="status" hidden></p>
  <p id="heard" role="status"></p>
  <footer><select id="chooser" hidden></select></footer>
</main>
<nav><h2 id="phones-heading"></h2><ul id="list"></ul></nav>
<script nonce="${nonce}">(${runInbox})();</script>
</body>
</html>
`;
}

const STYLE = `
:root { color-scheme: dark; --ink: #f6f3ec; --quiet: #f6f3eccc; --glass: #f6f3ec1a; --glass-lit: #f6f3ec2e; --line: #f6f3ec1a; --accent: #7fd6c0; --ground: #101c1c }
* { box-sizing: border-box }
html { height: 100% }
body { margin: 0; min-height: 100%; background: var(--ground); color: var(--ink); font: 16px/1.4 system-ui, -apple-system, "PingFang SC", "Noto Sans SC", "Noto Sans CJK SC", sans-serif; -webkit-font-smoothing: antialiased }
[hidden] { display: none !important }
ol, ul { list-style: none; margin: 0; padding: 0 }
h1, h2, p { margin: 0; font-weight: inherit }

#screen { position: relative; min-height: 100dvh; display: flex; flex-direction: column; padding: max(3.25rem, env(safe-area-inset-top)) 1rem max(1rem, env(safe-area-inset-bottom)); background:
  radial-gradient(120% 55% at 88% -4%, #d3a078 0%, #a9714f66 34%, transparent 62%),
  radial-gradient(120% 70% at 0% 26%, #3a776f 0%, #2a5f5a66 45%, transparent 75%),
  linear-gradient(170deg, #4c6f69 0%, #234b47 42%, #132a29 100%) }
header { text-align: center; padding-bottom: 1.75rem }
#day { font-size: 1.0625rem; font-weight: 500; opacity: .9 }
#clock { font-size: 5.25rem; line-height: 1.05; font-weight: 300; letter-spacing: -.03em; font-variant-numeric: tabular-nums }
#notes { flex: 1; min-height: 0 }
#notes ol { display: grid; gap: .5rem }
.note { display: flex; gap: .75rem; padding: .8125rem .875rem; border-radius: 1.25rem; background: var(--glass); -webkit-backdrop-filter: blur(24px) saturate(1.5); backdrop-filter: blur(24px) saturate(1.5); color: inherit; text-decoration: none; cursor: pointer; box-shadow: inset 0 0 0 1px var(--line); transition: background .15s }
.note:hover { background: var(--glass-lit) }
.note:active { transform: scale(.985) }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px }
.icon { flex: none; width: 2.375rem; height: 2.375rem; margin-top: .125rem; border-radius: .625rem; background: linear-gradient(145deg, #12927a, #0b6e5b); position: relative }
.icon::before { content: ""; position: absolute; inset: .5625rem .5625rem .6875rem; border: .1875rem solid #fff; border-bottom: 0; border-radius: .75rem .75rem 0 0 }
.icon::after { content: ""; position: absolute; left: .9375rem; right: .9375rem; bottom: .6875rem; height: .4375rem; border-radius: .25rem .25rem 0 0; background: #fff }
.texts { flex: 1; min-width: 0; display: grid; gap: .0625rem }
.head { display: flex; justify-content: space-between; gap: .75rem; font-size: .8125rem; color: var(--quiet) }
.head time { flex: none; font-variant-numeric: tabular-nums }
.title { font-weight: 600; overflow-wrap: anywhere }
.title:empty, .body:empty { display: none }
.body { font-size: .9375rem; overflow-wrap: anywhere; display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 4; line-clamp: 4; overflow: hidden }
#earlier { margin-top: 1.5rem }
#earlier h2 { margin: 0 .375rem .5rem; font-size: .875rem; font-weight: 500; color: var(--quiet) }
#earlier .note { background: #0f22221f; color: var(--quiet) }
#earlier .note:hover { background: #0f222240 }
#earlier .icon { opacity: .55 }
#heard { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap }
#empty { display: grid; gap: .25rem; padding: 2.5rem 1.5rem; text-align: center }
#empty strong { font-weight: 600; font-size: 1.0625rem }
#empty span { color: var(--quiet); font-size: .9375rem }
#status { margin-top: 1rem; padding: .5rem .875rem; border-radius: 999px; align-self: center; background: #3a1d12cc; font-size: .875rem }
footer { padding-top: 1.25rem; display: flex; justify-content: center }
#chooser { max-width: 100%; min-height: 2.75rem; padding: .375rem 1.125rem; border: 0; border-radius: 999px; font: inherit; font-size: .9375rem; color: inherit; background: var(--glass); text-overflow: ellipsis }
#chooser option { color: #1c2024; background: #fff }
nav { display: none }

@media (prefers-reduced-motion: no-preference) {
  .arrives { animation: arrive .45s cubic-bezier(.2, .9, .25, 1) both }
  @keyframes arrive { from { opacity: 0; transform: translateY(-14px) scale(.97) } }
}

@media (min-width: 48rem) {
  body { display: grid; grid-template-columns: minmax(0, auto) minmax(0, 17rem); justify-content: center; align-items: center; gap: clamp(2rem, 6vw, 5rem); min-height: 100dvh; padding: 1.5rem;
    background: radial-gradient(90% 90% at 30% 20%, #24403e 0%, #14211f 55%, #0d1514 100%) }
  #screen { width: 24.375rem; height: min(52.75rem, calc(100dvh - 3rem)); min-height: 0; border-radius: 3.25rem; border: .625rem solid #050807; box-shadow: 0 0 0 1.5px #55645f, 0 30px 80px #0009; overflow: hidden; padding-top: 3.5rem }
  #screen::before { content: ""; position: absolute; top: .75rem; left: 50%; translate: -50% 0; width: 6.5rem; height: 1.625rem; border-radius: 999px; background: #050807 }
  #notes { overflow-y: auto; scrollbar-width: none; margin: 0 -.25rem -1rem; padding: .25rem .25rem 1.5rem; mask-image: linear-gradient(#000 calc(100% - 2rem), transparent) }
  footer { display: none }
  nav { display: block; max-height: calc(100dvh - 3rem); overflow-y: auto; scrollbar-width: thin; padding: .25rem }
  nav h2 { margin: 0 .75rem .75rem; font-size: .9375rem; font-weight: 500; color: var(--quiet) }
  nav ul { display: grid; gap: .125rem }
  .phone { width: 100%; display: flex; justify-content: space-between; align-items: baseline; gap: 1rem; padding: .6875rem .75rem; border: 0; border-radius: .75rem; font: inherit; color: inherit; text-align: start; background: none; cursor: pointer }
  .phone:hover { background: #f6f3ec12 }
  .phone[aria-pressed="true"] { background: #f6f3ec1f; font-weight: 600 }
  .phone .last { font-size: .8125rem; font-weight: 400; color: var(--quiet); white-space: nowrap }
}
`;
