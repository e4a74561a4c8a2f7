import type { GitHub } from "./client";
import { markerOf } from "./comment";

interface Issue {
  readonly number: number;
  readonly body?: string | null;
  readonly user?: { readonly type?: string } | null;
  readonly pull_request?: object;
}

export interface IssueText {
  readonly title: string;
  readonly body: string;
}

/** Maintains one issue per key: opens or updates it if there is a report, closes it otherwise. */
export async function keepIssue(
  github: GitHub,
  key: string,
  text: IssueText | undefined,
): Promise<"opened" | "updated" | "closed" | "nothing to do"> {
  const open = await find(github, key);
  const body = `${markerOf(key)}\n${text?.body ?? ""}`;
  if (text === undefined) {
    if (open === undefined) return "nothing to do";
    await github.send("POST", `/issues/${open}/comments`, { body: "Resolved." });
    await github.send("PATCH", `/issues/${open}`, { state: "closed", state_reason: "completed" });
    return "closed";
  }
  if (open === undefined) {
    await github.send("POST", "/issues", { title: text.title, body });
    return "opened";
  }
  await github.send("PATCH", `/issues/${open}`, { title: text.title, body });
  return "updated";
}

async function find(github: GitHub, key: string): Promise<number | undefined> {
  for await (const issue of github.list<Issue>("/issues?state=open")) {
    const ours = issue.user?.type === "Bot" && issue.body?.startsWith(markerOf(key)) === true;
    if (ours && issue.pull_request === undefined) return issue.number;
  }
  return undefined;
}
