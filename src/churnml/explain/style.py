"""How the page looks: by light and by night, on a phone and on paper."""

STYLE = """
:root { color-scheme: light dark; --ink: #1d2329; --soft: #5c6670; --line: #dde2e7; --page: #f4f6f8; --card: #fff;
  --bad: #b3261e; --mark: #1f5fa8; --bar: #8db4dd; --tint: #e8f0f9; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e9ec; --soft: #a3adb7; --line: #353d45; --page: #14181c;
  --card: #1d2329; --bad: #ff8f86; --mark: #8cbcf0; --bar: #3f6b9a; --tint: #223347; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto,
  "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; }
main { max-width: 60rem; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: .5rem 0 0; overflow-wrap: anywhere; }
h2 { font-size: 1rem; margin: 0 0 .5rem; }
p { margin: .25rem 0; overflow-wrap: anywhere; }
section { background: var(--card); border: 1px solid var(--line); border-radius: .6rem; padding: 1rem; margin: 1rem 0; }
.soft { color: var(--soft); }
.warning { border-color: var(--bad); }
.warning h2, .bad { color: var(--bad); }
.two { display: grid; gap: 0 1rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 20rem), 1fr)); }
.risk { font-size: 2.4rem; font-weight: 700; line-height: 1.1; }
.script { background: var(--tint); border-radius: .4rem; padding: .5rem .75rem; }
ol, ul { margin: 0; padding-left: 1.25rem; }
li { margin: .2rem 0; overflow-wrap: anywhere; }
.events { list-style: none; padding: 0; }
.events time { color: var(--soft); font-variant-numeric: tabular-nums; margin-right: .6rem; white-space: nowrap; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: right; padding: .3rem .6rem; border-bottom: 1px solid var(--line); white-space: nowrap; }
th { font-weight: 600; color: var(--soft); }
.words td:nth-child(n+4), .words th:nth-child(n+4), td:first-child, th:first-child { text-align: left; }
details summary { cursor: pointer; color: var(--soft); margin-top: .5rem; }
svg { display: block; overflow: visible; font-size: 12px; }
svg .t, svg .m { fill: var(--soft); } svg .m { text-anchor: middle; font-size: 11px; }
svg .v { fill: var(--ink); font-weight: 700; text-anchor: end; paint-order: stroke; stroke: var(--card); stroke-width: 4px; }
svg .g { stroke: var(--line); } svg .r { stroke: var(--mark); stroke-width: 2; } svg .b { fill: var(--bar); }
svg .c { stroke: var(--bar); stroke-width: 5; }
svg .d { fill: var(--card); stroke: var(--mark); stroke-width: 2; } svg .now { fill: var(--mark); }
svg .bad { fill: var(--bad); stroke: var(--bad); }
@media (max-width: 34rem) { main { padding: .5rem; } section { padding: .75rem; margin: .6rem 0; }
  th, td { padding: .3rem .25rem; font-size: .85rem; } th { white-space: normal; vertical-align: bottom; } }
@media print { :root { color-scheme: light; --ink: #000; --soft: #444; --line: #bbb; --page: #fff; --card: #fff; --bad: #a00;
  --mark: #124a86; --bar: #9bb; --tint: #eee; } body { font-size: 11pt; } main { max-width: none; padding: 0; }
  section, tr, li { break-inside: avoid; } * { print-color-adjust: exact; -webkit-print-color-adjust: exact; } }
"""
