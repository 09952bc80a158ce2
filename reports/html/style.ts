/** The page's only style sheet. No fonts, images or scripts are loaded: the page is one file. */
export const css = `
:root{color-scheme:light dark;--page:#fff;--text:#1b1f24;--soft:#4d5661;--line:#c3cad3;--panel:#f4f6f8;--link:#0a4fb3;
--good:#0c5c2b;--good-bg:#e1f4e6;--bad:#9b1119;--bad-bg:#fde7e6;--unclear:#6f3d00;--unclear-bg:#fdf0d2;
--warning:#6b4300;--warning-bg:#fff4d6;--quiet:#4d5661;--quiet-bg:#eceff2;--esc:#7a1f78}
@media(prefers-color-scheme:dark){:root{--page:#14171b;--text:#e4e8ed;--soft:#aab3be;--line:#3c444e;--panel:#1d2228;--link:#8bbcff;
--good:#8fe0a6;--good-bg:#12311d;--bad:#ffb1ab;--bad-bg:#46161a;--unclear:#ffd28a;--unclear-bg:#3d2b0a;
--warning:#ffdc8f;--warning-bg:#3a2f0c;--quiet:#b4bdc7;--quiet-bg:#272d34;--esc:#f0a6ee}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;scroll-padding-top:.5rem}
body{margin:0 auto;max-width:72rem;padding:1rem;background:var(--page);color:var(--text);
font:1rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;overflow-wrap:anywhere}
h1,h2,h3,h4{line-height:1.25;margin:1.5em 0 .5em}
h1{font-size:1.6rem;margin-top:.25em}h2{font-size:1.3rem;border-bottom:1px solid var(--line);padding-bottom:.2em;margin-top:2em}
h3{font-size:1.1rem}h3 code,h4 code{font-size:1em}h4,summary h4{font-size:1rem}
summary h4{display:inline;margin:0}
p,ul,ol,dl,table,figure{margin:.5em 0}
ul,ol{padding-left:1.5em}
a{color:var(--link)}
a:focus-visible,summary:focus-visible,.scroll:focus-visible{outline:3px solid var(--link);outline-offset:2px}
:target{outline:2px solid var(--link);outline-offset:4px}
code,pre,.log{font:.875em/1.45 ui-monospace,"SFMono-Regular",Menlo,Consolas,"DejaVu Sans Mono",monospace}
code{white-space:pre-wrap;unicode-bidi:isolate}
.esc{color:var(--esc);font-style:normal;text-decoration:underline dotted}
.soft,figcaption,.at{color:var(--soft)}
nav ul{display:flex;flex-wrap:wrap;gap:.25em 1.25em;list-style:none;padding:0}
.badge{display:inline-block;padding:0 .45em;border-radius:.3em;border:1px solid currentColor;font-weight:600;font-size:.875em;
white-space:nowrap;color:var(--quiet);background:var(--quiet-bg)}
.badge.good{color:var(--good);background:var(--good-bg)}.badge.bad{color:var(--bad);background:var(--bad-bg)}
.badge.unclear{color:var(--unclear);background:var(--unclear-bg)}.badge.warning{color:var(--warning);background:var(--warning-bg)}
.conclusion{font-size:1.15rem;font-weight:600;padding:.6em .8em;border-left:.4em solid;background:var(--panel)}
.conclusion.good{border-color:var(--good)}.conclusion.bad{border-color:var(--bad)}.conclusion.unclear{border-color:var(--unclear)}
.counts{display:flex;flex-wrap:wrap;gap:.1em 1.5em;list-style:none;padding:0}
.scroll{overflow-x:auto;margin:.5em 0}
table{border-collapse:collapse;min-width:100%;overflow-wrap:normal}
caption{text-align:left;color:var(--soft);padding:.25em 0}
th,td{border:1px solid var(--line);padding:.35em .55em;text-align:left;vertical-align:top}
th{background:var(--panel);font-weight:600}
td small{display:block;color:var(--soft)}
.wide{min-width:14rem;overflow-wrap:anywhere}
details{border:1px solid var(--line);border-radius:.3em;margin:.4em 0;content-visibility:auto;contain-intrinsic-size:auto 2.4rem}
summary{padding:.4em .6em;cursor:pointer;background:var(--panel);border-radius:.3em}
details>:not(summary){margin-left:.8em;margin-right:.8em}
details.suite{border-left-width:.3em}
.configuration+.configuration{border-top:1px solid var(--line);margin-top:2em}
.facts{display:grid;gap:.2em 0}
.facts>div{display:grid;grid-template-columns:11rem 1fr;gap:0 .8em}
dt{color:var(--soft)}dd{margin:0}dd>ul,dd>ol{margin:0}
figure{border-left:.2em solid var(--line);padding-left:.6em}
ol.dialogue{padding-left:3em;margin:.3em 0}
.dialogue li{padding:.05em 0}.dialogue li::marker{color:var(--soft);font-size:.8em}
.dialogue .server{padding-left:2.5rem}
.at{font-size:.8em;white-space:nowrap}
.log li{list-style:none}.log{padding-left:0}.log code{font-size:1em}
.added{color:var(--good)}.removed{color:var(--bad)}
pre{white-space:pre-wrap;margin:.5em 0;padding:.5em .7em;background:var(--panel);border:1px solid var(--line)}
table.matrix{border-collapse:separate;border-spacing:0}
.scroll:has(table.matrix){max-height:85vh;overflow:auto}
.matrix thead th{position:sticky;top:0;z-index:2}
.matrix th[scope=row]{position:sticky;left:0;z-index:1;font-weight:400;text-align:left}
.matrix thead th:first-child{left:0;z-index:3}
.matrix th small{display:block;color:var(--soft)}
.matrix td>a{text-decoration:none;display:block;white-space:nowrap}
.verdict{font-weight:600;white-space:nowrap;color:var(--soft)}a.verdict:hover{text-decoration:underline}
.verdict::before{content:"– " / "";font-weight:700}.verdict.good::before{content:"✓ " / ""}.verdict.bad::before{content:"✗ " / ""}
.verdict.unclear::before{content:"? " / ""}.verdict.warning::before{content:"! " / ""}
.verdict.good{color:var(--good)}.verdict.bad{color:var(--bad)}.verdict.unclear{color:var(--unclear)}.verdict.warning{color:var(--warning)}
td .verdict.good,td .verdict.quiet{font-weight:400}
summary h3{display:inline;margin:0;font-size:1rem}
.filter{position:sticky;top:0;z-index:4;display:flex;flex-wrap:wrap;gap:.4em 1em;align-items:center;padding:.5em .6em;margin:1em 0;
background:var(--panel);border:1px solid var(--line);border-radius:.3em}
.filter label{color:var(--soft)}
.filter select,.filter input,.filter button{font:inherit;color:var(--text);background:var(--page);border:1px solid var(--soft);
border-radius:.25em;padding:.15em .4em;max-width:13rem}
.filter button:disabled{color:var(--soft)}
.filter :focus-visible{outline:3px solid var(--link);outline-offset:1px}
.filter output{margin-left:auto}
[hidden]{display:none!important}
.way{border:0;padding:0}.path{display:flex;list-style:none;padding:0;margin-block:.8em;gap:1.9em;align-items:stretch}
.path li{flex:1 1 0;min-width:0;position:relative;border:2px solid var(--soft);border-radius:.4em;padding:.4em .6em;background:var(--page)}
.path li+li::before{content:"→" / "";position:absolute;left:-1.55em;top:50%;transform:translateY(-50%);font-size:1.2em;color:var(--soft)}
.path b,.path span{display:block}.path span{font-size:.875em}
.path .open{border-color:var(--bad);background:var(--bad-bg)}.path .open b{color:var(--bad)}.path .open::before{color:var(--bad)!important}
.path .stopped{border-color:var(--bad);border-style:double;border-width:4px}.path .stopped b{color:var(--bad)}
.path .unreached{border-style:dashed;color:var(--soft)}.path .unreached::before{content:"⇢" / ""!important}
.lab svg{display:block;width:100%;max-width:56rem;height:auto}
.lab text{font:13px system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;fill:var(--text)}
.lab .head{font-weight:600;font-size:14px}.lab text.good{fill:var(--good)}.lab text.bad{fill:var(--bad)}
.lab .box{fill:var(--panel);stroke:var(--line)}.lab .fence{fill:none;stroke:var(--soft);stroke-dasharray:8 5}
.lab .way{fill:none;stroke-width:2}.lab .way.good{stroke:var(--good)}.lab .way.bad{stroke:var(--bad);stroke-dasharray:6 4}.lab .way.seen{stroke:var(--soft)}
.lab .tip.good{fill:var(--good)}.lab .tip.bad{fill:var(--bad)}.lab .tip.seen{fill:var(--soft)}
@media(max-width:40rem){body{padding:.6rem}.facts>div{grid-template-columns:1fr}.facts{gap:.5em 0}
details>:not(summary){margin-left:.4em;margin-right:.4em}.dialogue .server{padding-left:1rem}ol.dialogue{padding-left:2.2em}
.path{flex-direction:column;gap:1.5em}.path li+li::before{content:"↓" / ""!important;left:1em;top:-1.4em;transform:none}
.filter{position:static}.filter select,.filter input{max-width:100%}.matrix th[scope=row]{max-width:9rem}}
@media print{:root{color-scheme:light;--page:#fff;--text:#000;--soft:#333;--line:#888;--panel:#fff;--link:#000;--good:#000;--bad:#000;
--unclear:#000;--warning:#000;--quiet:#000;--good-bg:#fff;--bad-bg:#fff;--unclear-bg:#fff;--warning-bg:#fff;--quiet-bg:#fff;--esc:#000}
body{max-width:none;font-size:9pt;padding:0}nav{display:none}.scroll{overflow:visible}details{content-visibility:visible}
@page{margin:16mm 12mm 18mm;@bottom-right{content:counter(page) " / " counter(pages);font-size:8pt}@bottom-left{content:"relayproof";font-size:8pt}}
#filter,#catalogue,.attempt:not(.look),summary::marker{display:none}summary{list-style:none}
details.matrix::details-content,details.look::details-content,details.target::details-content,details.list::details-content{content-visibility:visible;display:block;block-size:auto}
.scroll:has(table.matrix){max-height:none}.matrix th,.matrix thead th{position:static}thead{display:table-header-group}
h2,h3,h4,summary{break-after:avoid}tr,.path,figcaption,.dialogue li,.log li{break-inside:avoid}a{text-decoration:none}
a[href^="http"]::after{content:" (" attr(href) ")"}}
`;
