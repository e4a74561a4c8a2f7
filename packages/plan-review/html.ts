import { describe, describeLost } from "./access";
import { type CostChange, signed } from "./cost";
import { htmlText } from "./escape";
import type { Finding } from "./finding";
import type { Review, ReviewedChange } from "./review";
import { STYLE } from "./style";
import { ACTIONS } from "./action-words";
import {
  byImportance,
  countsText,
  differenceLines,
  reasonsOf,
  SEVERITY_LABELS,
  VERDICT_LABELS,
} from "./text";

/** Maximum characters of a value; nothing else is shortened. */
const MAX_VALUE_LENGTH = 4_000;

export interface HtmlOptions {
  /** Stacks whose plan failed. */
  readonly failed?: readonly string[];
  /** Commit of the plans. */
  readonly commit?: string | undefined;
}

/** The full review as one self-contained HTML page, without scripts, fonts or requests. */
export function html(reviews: readonly Review[], { failed = [], commit }: HtmlOptions = {}): string {
  const title = `Plan review: ${reviews.map(({ stack }) => stack).join(", ")}`;
  return [
    `<!doctype html><html lang="en"><head><meta charset="utf-8">`,
    `<meta name="viewport" content="width=device-width, initial-scale=1">`,
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`,
    `<title>${htmlText(title)}</title><style>${STYLE}</style></head><body><main><h1>Plan review</h1>`,
    commit === undefined ? "" : `<p>Commit <code>${htmlText(commit)}</code></p>`,
    ...failed.map((name) => `<h2>${htmlText(name)} <span class="verdict blocked">plan failed</span></h2>`),
    reviews.length > 1 ? overview(reviews) : "",
    ...reviews.map(stack),
    "</main></body></html>\n",
  ].join("\n");
}

function overview(reviews: readonly Review[]): string {
  const rows = reviews.map(
    (review) =>
      `<tr><td><a href="#${id(review)}">${htmlText(review.stack)}</a></td><td>${verdict(review)}</td>` +
      `<td>${htmlText(countsText(review))}</td><td class="number">${review.cost === undefined ? "" : `${review.cost.after.toFixed(2)} $`}</td></tr>`,
  );
  return `<table class="overview"><thead><tr><th>Stack</th><th>Verdict</th><th>Changes</th><th>Idle cost</th></tr></thead><tbody>${rows.join("")}</tbody></table>`;
}

function stack(review: Review): string {
  const { access, exposure, outputs, changes, drift } = review;
  const head = `<h2>${htmlText(review.stack)} ${verdict(review)}</h2>`;
  if (review.verdict === "no-changes" && drift.length === 0) {
    return `<section id="${id(review)}">${head}<p>No changes.</p></section>`;
  }
  const accessLines = [
    ...access.gained.map((grant) => `+ ${grant.principal} ${describe(grant)}`),
    ...access.lost.map((grant) => `- ${grant.principal} ${describeLost(grant)}`),
  ];
  const exposureLines = [
    ...exposure.gained.map(({ kind, text }) => `+ ${kind === "opening" ? text : `without ${text}`}`),
    ...exposure.lost.map(({ kind, text }) => `- ${kind === "opening" ? text : `now with ${text}`}`),
  ];
  const outputLines = outputs.flatMap(({ name, before, after }) =>
    differenceLines([{ path: name, before, after }], MAX_VALUE_LENGTH),
  );
  return [
    `<section id="${id(review)}">${head}`,
    findings(review.findings),
    `<p><strong>${htmlText(countsText(review))}.</strong> ${money(review)}</p>`,
    `<h3>Changes</h3>${byModule(changes) || "<p>No resources.</p>"}`,
    block("Permissions: gained (+) and lost (−)", accessLines),
    block("Internet exposure: gained (+) and lost (−)", exposureLines),
    block("Outputs", outputLines),
    drift.length === 0 ? "" : `<h3>Changed outside of Terraform</h3>${drift.map(change).join("")}`,
    `<footer>Digest of the plan <code>${review.digest}</code>`,
    review.planFile === undefined ? "" : `, of its file <code>${htmlText(review.planFile)}</code>`,
    `. Terraform ${htmlText(review.terraform)}.</footer></section>`,
  ].join("");
}

/** Changes by importance; with modules, in groups, the root module first. */
function byModule(changes: readonly ReviewedChange[]): string {
  const groups = new Map<string, ReviewedChange[]>();
  for (const one of byImportance(changes)) {
    const module = moduleOf(one.address);
    const group = groups.get(module);
    if (group === undefined) groups.set(module, [one]);
    else group.push(one);
  }
  return [...groups]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([module, group]) => {
      const title = module === "" ? "" : `<h4><code>${htmlText(module)}</code></h4>`;
      return `${title}${group.map(change).join("")}`;
    })
    .join("");
}

/** `module.a["b"].module.c` of an address; empty in the root module. */
function moduleOf(address: string): string {
  return (/^(?:module\.[\w-]+(?:\[(?:\d+|"(?:[^"\\]|\\.)*")\])?\.)*/.exec(address)?.[0] ?? "").replace(
    /\.$/,
    "",
  );
}

function findings(all: readonly Finding[]): string {
  if (all.length === 0) return "<p>Nothing needs review.</p>";
  const items = all.map(({ severity, title, details = [] }) => {
    const more = details.map((line) => `<li>${htmlText(line)}</li>`).join("");
    return `<li class="${severity}"><strong>${SEVERITY_LABELS[severity].words}:</strong> ${htmlText(title)}${more === "" ? "" : `<ul>${more}</ul>`}</li>`;
  });
  return `<ul class="findings">${items.join("")}</ul>`;
}

function money({ cost }: Review): string {
  if (cost === undefined) return "";
  const { notPricedTypes: types } = cost;
  const rest = types.length === 0 ? "" : ` Not priced: <code>${htmlText(types.join(" "))}</code>.`;
  return `${total(cost)}${rest}`;
}

function total({ before, after, items, pricesOf, unpriced }: CostChange): string {
  if (unpriced !== undefined) return htmlText(`Total cost unknown: ${unpriced}.`);
  if (items.length === 0) return `Idle cost: ${after.toFixed(2)} $ per month, unchanged.`;
  const rows = items
    .map(
      ({ what, dollars }) =>
        `<tr><td>${htmlText(what)}</td><td class="number">${signed(dollars)} $</td></tr>`,
    )
    .join("");
  return (
    `Idle cost: ${after.toFixed(2)} $ per month, was ${before.toFixed(2)} $ (list prices of ${pricesOf}).` +
    `</p><table><tbody>${rows}</tbody></table><p>`
  );
}

function change(one: ReviewedChange): string {
  const reasons = [...reasonsOf(one), ...(one.tagsOnly ? ["tags only"] : [])];
  const lines = differenceLines(one.differences, MAX_VALUE_LENGTH, one.replacedBy);
  const dependents =
    one.dependents.length === 0
      ? ""
      : `<p>Dependents: <code>${htmlText(one.dependents.join(" "))}</code></p>`;
  const ends = one.action === "delete" || one.action === "replace";
  return (
    `<details${ends ? " open" : ""}><summary><span class="action ${one.action}">${ACTIONS[one.action]}</span> ` +
    `<code>${htmlText(one.address)}</code> ${one.construct === undefined ? "" : htmlText(one.construct)}` +
    `${reasons.length === 0 ? "" : `<span class="why">${htmlText(reasons.join("; "))}</span>`}</summary>` +
    `${diff(lines)}${dependents}</details>`
  );
}

function block(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? "" : `<h3>${htmlText(title)}</h3>${diff(lines)}`;
}

/** Classes of diff lines by their sign. */
const LINE_CLASSES: Readonly<Record<string, string>> = { "+": "plus", "-": "minus" };

function diff(lines: readonly string[]): string {
  if (lines.length === 0) return "";
  const rows = lines.map(
    (line) => `<span class="${LINE_CLASSES[line.charAt(0)] ?? "context"}">${htmlText(line)}</span>`,
  );
  return `<pre tabindex="0">${rows.join("")}</pre>`;
}

const verdict = ({ verdict: name }: Review): string =>
  `<span class="verdict ${name}">${htmlText(VERDICT_LABELS[name].words)}</span>`;

const id = ({ stack: name }: Review): string => name.replace(/[^\w-]/g, "-");
