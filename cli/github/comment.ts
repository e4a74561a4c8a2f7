import type { GitHub } from "./client";

/** Longest comment that GitHub takes, in characters. */
export const MAX_COMMENT_LENGTH = 65_536;

/** Invisible in a comment; tells ours from all others. */
export function markerOf(key: string): string {
  return `<!-- streamflow:${key} -->`;
}

interface Comment {
  readonly id: number;
  readonly body?: string | null;
  readonly user?: { readonly type?: string } | null;
}

/**
 * Writes one comment to a pull request, over the one that it wrote before: there is never more than one of a key.
 * Throws when the text is longer than GitHub takes.
 */
export async function writeComment(
  github: GitHub,
  pullRequest: number,
  { key, text }: { readonly key: string; readonly text: string },
): Promise<"created" | "updated"> {
  const body = `${markerOf(key)}\n${text}`;
  if (body.length > MAX_COMMENT_LENGTH) {
    throw new Error(
      `a comment has at most ${MAX_COMMENT_LENGTH} characters, got ${body.length}: shorten the review`,
    );
  }
  for await (const comment of github.list<Comment>(`/issues/${pullRequest}/comments`)) {
    // Somebody may quote the marker: only what a workflow wrote is ours.
    if (comment.user?.type !== "Bot" || comment.body?.startsWith(markerOf(key)) !== true) continue;
    await github.send("PATCH", `/issues/comments/${comment.id}`, { body });
    return "updated";
  }
  await github.send("POST", `/issues/${pullRequest}/comments`, { body });
  return "created";
}
