/** A colour in light mode and in dark mode. */
type Pair = readonly [light: string, dark: string];

const COLOURS: Readonly<Record<string, Pair>> = {
  page: ["#ffffff", "#0d1117"],
  ink: ["#1f2328", "#e6edf3"],
  quiet: ["#59636e", "#9198a1"],
  line: ["#6e7781", "#8b949e"],
  failure: ["#cf222e", "#ff7b72"],
  vpc: ["#f3f6fa", "#151b23"],
  frame: ["#afb8c1", "#3d444d"],
  box: ["#ffffff", "#1c2128"],
  outside: ["#59636e", "#9198a1"],
  edge: ["#8250df", "#bc8cff"],
  compute: ["#bc4c00", "#f0883e"],
  data: ["#0969da", "#58a6ff"],
  queue: ["#bf3989", "#f778ba"],
  users: ["#cf222e", "#ff7b72"],
  waf: ["#cf222e", "#ff7b72"],
  alarms: ["#9a6700", "#d29922"],
  xray: ["#8250df", "#bc8cff"],
  backup: ["#1a7f37", "#3fb950"],
  replica: ["#0969da", "#58a6ff"],
};

const variables = (of: 0 | 1): string =>
  Object.entries(COLOURS)
    .map(([name, pair]) => `--${name}:${pair[of]}`)
    .join(";");

const tinted = (names: readonly string[], rule: (name: string) => string): string => names.map(rule).join("");

/** The diagram's CSS. It follows the reader's colour scheme and paints its own background. */
export const STYLE = [
  `svg{${variables(0)}}`,
  `@media(prefers-color-scheme:dark){svg{${variables(1)}}}`,
  "text{font-family:-apple-system,BlinkMacSystemFont,'Segoe UI','Noto Sans',Helvetica,Arial,sans-serif;fill:var(--ink)}",
  ".page{fill:var(--page)}.vpc{fill:var(--vpc);stroke:var(--frame);stroke-dasharray:5 4}",
  ".frame{font-size:13px;font-weight:600;fill:var(--quiet)}",
  ".box{fill:var(--box);stroke-width:1.2}",
  tinted(
    ["outside", "edge", "compute", "data", "queue", "users"],
    (role) => `.${role} .box{stroke:var(--${role})}.${role} .band{fill:var(--${role})}`,
  ),
  ".title{font-size:14px;font-weight:600;text-anchor:middle}",
  ".detail{font-size:11.5px;fill:var(--quiet);text-anchor:middle}",
  ".line{fill:none;stroke:var(--line);stroke-width:1.3}.line.failure{stroke:var(--failure);stroke-dasharray:5 3}",
  ".head.arrow{fill:var(--line)}.head.failure{fill:var(--failure)}",
  ".label{font-size:12px;text-anchor:middle}.ground{fill:var(--page)}.ground.inside{fill:var(--vpc)}",
  ".badge text{font-size:10px;font-weight:600;text-anchor:middle}.badge rect{fill:none;stroke-width:1}",
  tinted(
    ["waf", "alarms", "xray", "backup", "replica"],
    (badge) => `.${badge} rect{stroke:var(--${badge})}.${badge} text{fill:var(--${badge})}`,
  ),
  ".rule{stroke:var(--frame)}.foot{font-size:13px}",
].join("");
