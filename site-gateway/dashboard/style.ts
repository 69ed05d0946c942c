/** The colours, type and form of the other screens (components/ui/theme.css), for a page that needs nothing else of them. */

const night = `color-scheme: dark; --paper: #0d1311; --card: #161e1b; --ink: #faf8f2; --mute: #a7b3ac;
  --line: rgb(250 248 242 / .12); --edge: #6d7a73; --good: #4cc38a; --offline: #a9b8cc; --bad: #ff9c8f;`

export const style = `
@font-face { font-family: 'Atkinson Hyperlegible Next'; font-weight: 200 800; font-display: swap;
  src: url('/font.woff2') format('woff2'); }
:root { color-scheme: light; --paper: #faf8f2; --card: #fff; --ink: #101815; --mute: #4b5650;
  --line: rgb(16 24 21 / .12); --edge: #7b857f; --good: #075c3f; --offline: #3f4e63; --bad: #96200f; --amber: #f5b32e; }
@media (prefers-color-scheme: dark) { :root { ${night} } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.5 'Atkinson Hyperlegible Next', system-ui, sans-serif;
  font-variant-numeric: tabular-nums; }
main, header { max-width: 60rem; margin: 0 auto; padding: 0 1.5rem; }
header { display: flex; flex-wrap: wrap; gap: .5rem 1.5rem; align-items: baseline; padding-top: 2rem; }
header nav { margin-left: auto; display: flex; gap: .5rem; }
h1 { font-size: 1.75rem; line-height: 1.2; letter-spacing: -.01em; margin: 0; }
h2 { font-size: 1.25rem; line-height: 1.35; margin: 2.5rem 0 .75rem; }
p { margin: .25rem 0; max-width: 60ch; }
.note { color: var(--mute); font-size: .875rem; }
a { color: inherit; text-underline-offset: .2em; }
nav a { display: inline-flex; align-items: center; min-height: 3rem; padding: 0 .75rem; border: 1px solid var(--edge); border-radius: 14px;
  text-decoration: none; }
nav a[aria-current] { border-color: var(--ink); font-weight: 650; }
a:focus-visible { outline: 3px solid var(--amber); outline-offset: 2px; }
.state { display: flex; align-items: center; gap: .75rem; font-size: 1.75rem; line-height: 1.2; font-weight: 650; margin: 0; }
.state svg { width: 2rem; height: 2rem; flex: none; fill: none; stroke: currentColor; stroke-width: 1.75;
  stroke-linecap: round; stroke-linejoin: round; }
.up { color: var(--good); } .down, .spent { color: var(--offline); }
dl { display: grid; grid-template-columns: repeat(auto-fit, minmax(13rem, 1fr)); gap: 1rem 1.5rem; margin: 1.25rem 0 0; padding: 0; }
dt { color: var(--mute); font-size: .875rem; } dd { margin: 0; }
.scroll { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; }
th, td { text-align: left; padding: .6rem .75rem .6rem 0; border-bottom: 1px solid var(--line); vertical-align: baseline; }
thead th { color: var(--mute); font-size: .875rem; font-weight: 400; }
tbody th { font-weight: 500; }
.figure { text-align: right; }
code { font: inherit; font-size: .875rem; overflow-wrap: anywhere; }
footer { max-width: 60rem; margin: 2.5rem auto 3rem; padding: 0 1.5rem; }
`
