import { SEVERITIES, type Severity, type Finding } from "@packages/plan-review/finding";
import { markdownText } from "@packages/plan-review/escape";
import { markdown } from "@packages/plan-review/markdown";
import { type Review, reviewOf, type ReviewOptions } from "@packages/plan-review/review";
import { readPlan } from "@packages/terraform/plan";
import { TerraformCloudClient } from "./client";
import type { RunTaskRequest } from "./run-task";

/** The answer of a run task, as the API's attributes. */
export interface TaskAnswer {
  readonly status: "passed" | "failed";
  readonly message: string;
  readonly url: string;
}

/** Characters of an outcome's text; the API accepts 1 MB and recommends to stay below 5 000. */
const MAX_OUTCOME_LENGTH = 60_000;
const MAX_DESCRIPTION_LENGTH = 300;
/** Outcomes beside the whole review, from the most severe. */
const MAX_OUTCOMES = 50;

export interface ReviewTaskOptions extends Omit<ReviewOptions, "stack"> {
  readonly hostname: string;
}

/**
 * Reviews the plan of a run and sends the answer: failed if the plan is blocked or can't be reviewed. Returns the answer.
 * Throws a TerraformCloudError if it can't be sent.
 */
export async function answerReviewTask(
  request: RunTaskRequest,
  { hostname, ...options }: ReviewTaskOptions,
): Promise<TaskAnswer> {
  const client = new TerraformCloudClient({ hostname, token: request.accessToken });
  try {
    const review = await reviewed(request, client, options);
    const answer = review instanceof Error ? unreviewed(review, request) : answerOf(review, request);
    await client.patch(request.callbackUrl, {
      type: "task-results",
      attributes: { ...answer },
      relationships: { outcomes: { data: review instanceof Error ? [] : outcomesOf(review, request) } },
    });
    return answer;
  } finally {
    await client.close();
  }
}

/** The review, or why there is none: a plan that nobody reviewed must not pass. */
async function reviewed(
  { planUrl, workspace }: RunTaskRequest,
  client: TerraformCloudClient,
  options: Omit<ReviewOptions, "stack">,
): Promise<Review | Error> {
  try {
    const plan = readPlan(await client.download(planUrl), "the plan");
    return reviewOf(plan, { ...options, stack: workspace });
  } catch (error) {
    return error as Error;
  }
}

const unreviewed = ({ message }: Error, { runUrl }: RunTaskRequest): TaskAnswer => ({
  status: "failed",
  message: `the plan could not be reviewed: ${message}`,
  url: runUrl,
});

const WORDS: Readonly<Record<Review["verdict"], string>> = {
  blocked: "blocked",
  "needs-review": "needs review",
  safe: "safe",
  "no-changes": "no changes",
};

function answerOf({ verdict, findings, digest }: Review, { runUrl }: RunTaskRequest): TaskAnswer {
  const [first] = findings;
  const others = findings.length > 1 ? `, and ${findings.length - 1} more` : "";
  const why = first === undefined ? "" : `: ${first.title}${others}`;
  const end = `; digest ${digest.slice(0, 12)}`;
  return {
    status: verdict === "blocked" ? "failed" : "passed",
    message: `${shortened(`${WORDS[verdict]}${why}`)}${end}`,
    url: runUrl,
  };
}

const LEVELS: Readonly<Record<Severity, { readonly label: string; readonly level: string }>> = {
  block: { label: "Blocks the plan", level: "error" },
  review: { label: "Needs review", level: "warning" },
  info: { label: "For information", level: "info" },
};

const VERDICT_LEVELS: Readonly<Record<Review["verdict"], string>> = {
  blocked: "error",
  "needs-review": "warning",
  safe: "info",
  "no-changes": "none",
};

/** The whole review, and each of its findings, which Terraform Cloud shows with the run. */
function outcomesOf(review: Review, { runUrl }: RunTaskRequest) {
  const { verdict, findings } = review;
  const whole = {
    id: "review",
    description: `Review of the plan: ${WORDS[verdict]}`,
    body: markdown([review], { longest: MAX_OUTCOME_LENGTH }),
    status: { label: WORDS[verdict], level: VERDICT_LEVELS[verdict] },
  };
  const each = SEVERITIES.flatMap((severity) => findings.filter((one) => one.severity === severity))
    .slice(0, MAX_OUTCOMES)
    .map((finding, index) => ({
      id: `${finding.rule}-${index + 1}`,
      description: shortened(finding.title),
      body: bodyOf(finding),
      status: LEVELS[finding.severity],
    }));
  return [whole, ...each].map(({ id, description, body, status }) => ({
    type: "task-result-outcomes",
    attributes: { "outcome-id": id, description, body, url: runUrl, tags: { Status: [status] } },
  }));
}

function bodyOf({ title, details = [] }: Finding): string {
  const lines = details.slice(0, MAX_OUTCOMES).map((line) => `- ${markdownText(line)}`);
  return [markdownText(title), ...lines].join("\n").slice(0, MAX_OUTCOME_LENGTH);
}

const shortened = (text: string): string =>
  text.length <= MAX_DESCRIPTION_LENGTH ? text : `${text.slice(0, MAX_DESCRIPTION_LENGTH)}…`;
