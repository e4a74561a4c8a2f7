import type { GitHub } from "./client";

/** GitHub's maximum length of a comment in characters. */
export const MAX_COMMENT_LENGTH = 65_536;

/** Invisible marker that identifies our comments. */
export function markerOf(key: string): string {
  return `<!-- streamflow:${key} -->`;
}

interface Comment {
  readonly id: number;
  readonly body?: string | null;
  readonly user?: { readonly type?: string } | null;
}

/** Creates or updates the one comment of a key on a pull request. Throws if the text is too long for GitHub. */
export async function writeComment(
  github: GitHub,
  pullRequest: number,
  { key, text }: { readonly key: string; readonly text: string },
): Promise<"created" | "updated"> {
  const body = `${markerOf(key)}\n${text}`;
  if (body.length > MAX_COMMENT_LENGTH) {
    throw new Error(
      `comments may have at most ${MAX_COMMENT_LENGTH} characters, got ${body.length}: shorten the review`,
    );
  }
  for await (const comment of github.list<Comment>(`/issues/${pullRequest}/comments`)) {
    // People may quote the marker; only comments by workflows are ours.
    if (comment.user?.type !== "Bot" || comment.body?.startsWith(markerOf(key)) !== true) continue;
    await github.send("PATCH", `/issues/comments/${comment.id}`, { body });
    return "updated";
  }
  await github.send("POST", `/issues/${pullRequest}/comments`, { body });
  return "created";
}
