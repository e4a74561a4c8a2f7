import type { EnvironmentSettings } from "../../stacks/settings";
import type { Stack } from "@packages/terraform/synthesized-stack";

/** An alarm that says what to do about it. */
export interface Told {
  readonly stack: string;
  /** Physical name of the alarm. */
  readonly alarm: string;
  readonly severity: string;
  readonly meaning: string;
  readonly owner: string;
  /** The runbook's address. */
  readonly link: string;
  /** The runbook's file below `docs/`, with the part of it where the link names one. */
  readonly page: string;
}

const DESCRIPTION = /^(Page|Ticket): (.*)\. Owner: (.*)\. Runbook: (https:\/\/\S*?\/docs\/(runbooks\/\S+))$/s;

/** Every alarm of a stack whose description names a runbook; windows of other alarms name none. */
export function toldOf(stack: Stack): Told[] {
  return ["aws_cloudwatch_metric_alarm", "aws_cloudwatch_composite_alarm"]
    .flatMap((type) => stack.attributesOf(type))
    .flatMap(([, { alarm_name: alarm, alarm_description: description }]) => {
      const parts = DESCRIPTION.exec(String(description));
      if (parts === null) return [];
      const [, severity = "", meaning = "", owner = "", link = "", page = ""] = parts;
      return [{ stack: stack.name, alarm: String(alarm), severity, meaning, owner, link, page }];
    });
}

/** What is done on purpose, not because an alarm rings: file, and what it is for. */
export const DRILLS: readonly (readonly [id: string, purpose: string])[] = [
  ["restore-database", "The database is wrong or gone: a new one as of a chosen second"],
  ["restore-objects", "Videos or sources were deleted or overwritten: as they were at a time"],
  ["restore-state", "Terraform's state is wrong: an earlier version of it"],
  ["redrive", "Videos that could not be processed: look, then once more, or let them go"],
];

/**
 * The page by which a runbook is found: each alarm of any of the stacks once, what wakes somebody first. Names and
 * accounts are those of `settings`, the environment for which the pages are written.
 */
export function runbookIndex(stacks: readonly Stack[], settings: EnvironmentSettings): string {
  const all = stacks.flatMap(toldOf);
  const once = [...new Map(all.map((told) => [told.page, told])).values()];
  const table = (severity: string): string[] => [
    "| alarm | what it means | owner |",
    "|---|---|---|",
    ...once
      .filter((told) => told.severity === severity)
      .sort((one, other) => (one.page < other.page ? -1 : 1))
      .map(({ page, meaning, owner }) => {
        const file = page.replace("runbooks/", "");
        return `| [${file.replace(".md", "")}](${file}) | ${meaning} | ${owner} |`;
      }),
    "",
  ];
  const budgets = stacks.some((stack) => stack.attributesOf("aws_budgets_budget").length > 0);
  return [
    before(settings),
    "## Pages: somebody is woken\n",
    ...table("Page"),
    "## Tickets: they wait for the morning\n",
    ...table("Ticket"),
    ...(budgets ? ["And by AWS Budgets, by e-mail: [budget](budget.md).\n"] : []),
    "## What is done on purpose\n",
    "| runbook | when |",
    "|---|---|",
    ...DRILLS.map(([id, purpose]) => `| [${id}](${id}.md) | ${purpose} |`),
    "",
    "`npm run drill` does the restores where nobody is hurt: on real servers of your own machine.",
    "",
  ].join("\n");
}

const before = ({
  name,
  profile,
  region,
  state,
}: EnvironmentSettings): string => `You were woken: breathe, open the runbook that the alarm's text links to, and begin at its top. The first commands only
look; those that change something say what to expect. Nobody is angry with who asks for help early.

## Before the first command

In a checkout of this repository, after \`npm ci\`, with the AWS CLI 2:

\`\`\`sh
export AWS_PROFILE=${profile ?? name} AWS_REGION=${region}
export ACCOUNT="$(aws sts get-caller-identity --query Account --output text)"
export PUBLIC_URL="https://$(aws cloudfront list-distributions --output text \\
  --query "DistributionList.Items[?Comment=='streamflow-${name}-edge'].DomainName")"
${state.kind === "s3" ? `export STATE_BUCKET=${state.bucket}\n` : ""}\
aws cloudwatch describe-alarms --alarm-name-prefix streamflow-${name} --state-value ALARM \\
  --query "[MetricAlarms,CompositeAlarms][].[AlarmName,StateReason]"
\`\`\`

The runbooks are written for ${name} and use these variables; for another environment, replace \`${name}\` by its name. What
is written in capitals (\`TASK_ARN\`) you fill in from the answer before. If several alarms ring, begin with the database,
then the API, then the rest: one often follows from another.
`;
