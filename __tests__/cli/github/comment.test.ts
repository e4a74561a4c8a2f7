import type { GitHub } from "../../../cli/github/client";
import { MAX_COMMENT_LENGTH, markerOf, writeComment } from "../../../cli/github/comment";
import { FakeGitHub } from "./server";

let server: FakeGitHub;
let github: GitHub;
beforeEach(async () => {
  server = new FakeGitHub();
  github = await server.start();
});
afterEach(() => server.stop());

test("writes a comment, and then over it, among hundreds of others", async () => {
  for (let count = 0; count < 250; count++) server.add(server.comments, `+1 (${count})`);
  expect(await writeComment(github, 7, { key: "review", text: "first" })).toBe("created");
  expect(await writeComment(github, 7, { key: "review", text: "second" })).toBe("updated");
  expect(server.comments).toHaveLength(251);
  expect(server.comments.at(-1)?.body).toBe(`${markerOf("review")}\nsecond`);
  expect(server.requests).toContain("POST /repos/o/r/issues/7/comments");
  expect([...server.tokens]).toEqual(["Bearer a-token"]);
});

test("does not change a user's comment that quotes the marker, nor comments of another key", async () => {
  server.add(server.comments, `${markerOf("review")}\nlook!`);
  server.add(server.comments, `${markerOf("other")}\nother`, "Bot");
  expect(await writeComment(github, 7, { key: "review", text: "mine" })).toBe("created");
  expect(server.comments.slice(0, 2).map(({ body }) => body)).toEqual([
    `${markerOf("review")}\nlook!`,
    `${markerOf("other")}\nother`,
  ]);
});

test("fails on a comment that is longer than GitHub takes, before anything is sent", async () => {
  const most = MAX_COMMENT_LENGTH - markerOf("review").length - 1;
  await expect(writeComment(github, 7, { key: "review", text: "x".repeat(most + 1) })).rejects.toThrow(
    /at most 65536/,
  );
  expect(server.requests).toEqual([]);
  expect(await writeComment(github, 7, { key: "review", text: "x".repeat(most) })).toBe("created");
});

test("fails with GitHub's message, without the token", async () => {
  server.refuse = 403;
  const failed = writeComment(github, 7, { key: "review", text: "text" });
  await expect(failed).rejects.toThrow(/GitHub answered 403 to GET \/issues\/7\/comments/);
  await expect(failed).rejects.not.toThrow(/a-token/);
});
