import type { EnvironmentSettings } from "../../stacks/settings";
import type { Stack } from "@packages/terraform/synthesized-stack";

/** An alarm with a runbook. */
export interface AlarmRunbook {
  readonly stack: string;
  /** Physical name of the alarm. */
  readonly name: string;
  readonly severity: string;
  readonly meaning: string;
  /** What to do first. */
  readonly first: string;
  readonly owner: string;
  /** URL of the runbook. */
  readonly link: string;
  /** Path of the runbook below `docs/`, with the section if the URL names one. */
  readonly page: string;
}

const DESCRIPTION =
  /^(Page|Ticket): (.*)\. First: (.*)\. Owner: (.*)\. Runbook: (https:\/\/\S*?\/docs\/(runbooks\/\S+))$/s;

/** The stack's alarms whose description links to a runbook. Alarms that only feed others have no link. */
export function alarmRunbooks(stack: Stack): AlarmRunbook[] {
  return ["aws_cloudwatch_metric_alarm", "aws_cloudwatch_composite_alarm"]
    .flatMap((type) => stack.attributesOf(type))
    .flatMap(([, { alarm_name: name, alarm_description: description }]) => {
      const parts = DESCRIPTION.exec(String(description));
      if (parts === null) return [];
      const [, severity = "", meaning = "", first = "", owner = "", link = "", page = ""] = parts;
      return [{ stack: stack.name, name: String(name), severity, meaning, first, owner, link, page }];
    });
}

/** Runbooks of planned procedures, which no alarm links to: file name, and when to use it. */
export const PROCEDURES: readonly (readonly [id: string, purpose: string])[] = [
  ["restore-database", "The database is lost or its data is wrong: restore it to a point in time"],
  ["restore-objects", "Videos or sources were deleted or overwritten: restore them as of a time"],
  ["restore-state", "Terraform's state is wrong: restore an earlier version"],
  ["redrive", "Videos failed: see why, then requeue or discard them"],
];

/** The index of runbooks: each alarm once, pages before tickets. Its commands use names and accounts of `settings`. */
export function runbookIndex(stacks: readonly Stack[], settings: EnvironmentSettings): string {
  const all = stacks.flatMap(alarmRunbooks);
  const alarms = [...new Map(all.map((alarm) => [alarm.page, alarm])).values()];
  const table = (severity: string): string[] => [
    "| alarm | meaning | owner |",
    "|---|---|---|",
    ...alarms
      .filter((alarm) => alarm.severity === severity)
      .sort((one, other) => (one.page < other.page ? -1 : 1))
      .map(({ page, meaning, owner }) => {
        const file = page.replace("runbooks/", "");
        return `| [${file.replace(".md", "")}](${file}) | ${meaning} | ${owner} |`;
      }),
    "",
  ];
  const budgets = stacks.some((stack) => stack.attributesOf("aws_budgets_budget").length > 0);
  return [
    preparation(settings),
    "## Pages: act now\n",
    ...table("Page"),
    "## Tickets: act in working hours\n",
    ...table("Ticket"),
    ...(budgets ? ["AWS Budgets sends e-mail: [budget](budget.md).\n"] : []),
    "## Planned procedures\n",
    "| runbook | when |",
    "|---|---|",
    ...PROCEDURES.map(([id, purpose]) => `| [${id}](${id}.md) | ${purpose} |`),
    "",
    "`npm run drill` rehearses the restores on this machine.",
    "",
  ].join("\n");
}

const preparation = ({
  name,
  profile,
  region,
  state,
}: EnvironmentSettings): string => `Open the runbook linked in the alarm and start at the top. The first commands only read; commands that change something
say what to expect. Ask for help early.

## Before the first command

In a checkout of this repository, after \`npm ci\`, with the AWS CLI 2:

\`\`\`sh
export AWS_PROFILE=${profile ?? name}
export AWS_REGION=${region}
export ACCOUNT="$(aws sts get-caller-identity --query Account --output text)"
export PUBLIC_URL="https://$(aws cloudfront list-distributions --output text \\
  --query "DistributionList.Items[?Comment=='streamflow-${name}-edge'].DomainName")"
${state.kind === "s3" ? `export STATE_BUCKET=${state.bucket}\n` : ""}\
aws cloudwatch describe-alarms --alarm-name-prefix streamflow-${name} --state-value ALARM \\
  --query "[MetricAlarms,CompositeAlarms][].[AlarmName,StateReason]"
\`\`\`

The runbooks are written for ${name} and use these variables; for another environment, replace \`${name}\` with its name.
Replace words in capitals (\`TASK_ARN\`) with values from the previous output. If several alarms fire, start with the
database, then the API, then the rest: one failure often causes the others.
`;
