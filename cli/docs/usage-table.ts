import { type Item, total } from "./cost";
import { type Design, FIRST_DESIGN } from "./design";
import { ASSUMED, loadOfVideo } from "./load";
import { mostVideos, tasksFor, usageCost } from "./usage-cost";

/** Numbers of new videos per month. */
export const LOADS = [0, 1_000, 1_000_000] as const;

/** Markdown tables of monthly cost with videos, for each design and the first design. */
export function usageTables(designs: readonly Design[]): string {
  return ["## With videos", "", ...assumptions(), "", ...[...designs, FIRST_DESIGN].flatMap(table)].join(
    "\n",
  );
}

function table(design: Design): string[] {
  const months = LOADS.map((videos) => usageCost(design, videos));
  const added = months.map((items) => items.slice(design.idle.length));
  const names = [...new Set(added.flat().map(({ what }) => what))];
  const row = (what: string, cells: readonly string[]): string => `| ${what} | ${cells.join(" | ")} |`;
  const ratios = LOADS.map((videos, at) => total(months[at] ?? []) / total(usageCost(FIRST_DESIGN, videos)));
  return [
    `### ${design.name} with videos`,
    "",
    row(
      "$ a month",
      LOADS.map((videos) => (videos === 0 ? "idle" : `${number(videos)} videos`)),
    ),
    `|---|${LOADS.map(() => "---:").join("|")}|`,
    row(
      "idle",
      LOADS.map(() => dollars(total(design.idle))),
    ),
    ...names.map((name) =>
      row(
        name,
        added.map((items) => dollars(sumOf(items, name))),
      ),
    ),
    row(
      "**total**",
      months.map((items) => `**${dollars(total(items))}**`),
    ),
    ...(design === FIRST_DESIGN
      ? []
      : [
          row(
            "× the first design",
            ratios.map((ratio) => ratio.toFixed(2)),
          ),
        ]),
    row(
      "tasks",
      LOADS.map((videos) => tasks(design, videos)),
    ),
    "",
  ];
}

/** Tasks needed of tasks allowed; if more are needed, the number of videos that the allowed tasks process. */
function tasks(design: Design, videos: number): string {
  const most = mostVideos(design);
  const needed = number(tasksFor(design, videos));
  if (videos <= most) return `${needed} of ${design.task.maximum}`;
  return `**${needed} needed, ${design.task.maximum} allowed: at most ${number(most)} videos per month**`;
}

function sumOf(items: readonly Item[], name: string): number {
  return total(items.filter(({ what }) => what === name));
}

const dollars = (amount: number): string => (amount === 0 ? "" : number(Number(amount.toFixed(2)), 2));

/** A number with spaces between thousands. */
function number(value: number, digits = 0): string {
  return value
    .toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits })
    .replaceAll(",", " ");
}

function assumptions(): string[] {
  const { sourceBytes, streamBytes, edgeBytes, edgeRequests, apiCalls, cpuSeconds } = loadOfVideo();
  const mb = (bytes: number): string => `${number(bytes / 1_000_000)} MB`;
  const per = (value: number): string => number(value / ASSUMED.views);
  return [
    "Computed, not billed; every assumption is in `cli/docs/load.ts`, every price with its page in `cli/docs/prices.ts`.",
    "",
    `- A video has ${ASSUMED.length / 60} minutes of ${ASSUMED.width} × ${ASSUMED.height} in ${mb(sourceBytes)}. Its ladder takes ${mb(streamBytes)}, and ` +
      `${number(cpuSeconds)} seconds of a vCPU, measured and taken to be the same on x86 and Arm; tasks are ${ASSUMED.busy * 100} % at work.`,
    `- It is watched ${ASSUMED.views} times for ${ASSUMED.watched / 60} minutes in ${ASSUMED.watchedHeight}p: ${mb(edgeBytes / ASSUMED.views)} and ` +
      `${per(edgeRequests)} requests each. ${number(apiCalls)} calls of the API in all, of ${ASSUMED.call * 1_000} ms.`,
    `- Nothing is deleted; the bill is the ${ASSUMED.kept}th month's. Viewers are in North America and Europe.`,
    "- Where videos need more tasks than the settings allow, the bill is that of a higher `processor.maximumTasks`, and the " +
      "last line says so. Quotas of the account and sizes of database and cache are not looked at.",
    "- The first design is computed word for word: its tasks reach S3 through NAT gateways, its function has 128 MB, " +
      "nothing is traced or kept by AWS Backup, its web ACL looks at nothing. It has no code that processes; the same ffmpeg is taken " +
      "to fit its tasks. CloudFront and the bucket, which it draws and never makes, cost the same; its copy by " +
      "`aws s3 sync` lies in S3 Standard.",
    "- Not counted: Amplify, sign-ups, capacity units of the load balancer, flow logs, traffic between zones, storage of " +
      "CloudWatch's logs, snapshots of the database, and that infrequent access and backups bill 128 KB of smaller objects.",
  ];
}
