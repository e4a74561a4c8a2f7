import type { Media } from "../../../handlers/media/media";
import { aMedia } from "../fakes";
import { aWorld, creator } from "./world";

const trace = "Root=1-5759e988-bd862e3fe1be46a994272793";

function withMedia(fields: Partial<Media>) {
  const failure = { status: "failed", failureReason: "The file contains no video." } as const;
  const media = aMedia({ ...failure, owner: creator, ...fields });
  const world = aWorld([media]);
  const { id, status, visibility, sizeBytes, owner, failureReason } = media;
  const state = { status, removing: false, failureReason };
  const known = { id, ...state, visibility, sizeBytes, owner, uploadId: null };
  world.registry.known.set(id, known);
  world.uploads.sources.set(id, sizeBytes);
  const retry = () => world.ask(`/media/${id}/retry`, { method: "POST", trace });
  return { ...world, id, sizeBytes, retry };
}

it("asks for the processing of the source that is there, and forgets the failure", async () => {
  const { retry, requested, id, sizeBytes } = withMedia({});
  const answer = await retry();
  expect(answer.status).toBe(200);
  expect(await answer.json()).toMatchObject({ id, status: "uploaded", failureReason: null, failure: null });
  const source = { sizeBytes, version: `version of ${id}`, etag: "e" };
  expect(requested).toEqual([{ id, source, sequencer: "005A", trace }]);
});

it("happens once: the media has not failed any more", async () => {
  const { retry, requested } = withMedia({});
  await retry();
  expect(await (await retry()).json()).toMatchObject({ status: 409, code: "not-failed" });
  expect(requested).toHaveLength(1);
});

it.each(["registered", "uploaded", "processing", "ready"] as const)(
  "of a media that is %s answers 409",
  async (status) => {
    const { retry, requested } = withMedia({ status });
    expect(await (await retry()).json()).toMatchObject({ status: 409, code: "not-failed" });
    expect(requested).toEqual([]);
  },
);

it("of a media without source answers 409, and it stays as it is", async () => {
  const { retry, requested, uploads, repository } = withMedia({});
  uploads.sources.clear();
  expect(await (await retry()).json()).toMatchObject({ status: 409, code: "source-gone" });
  expect(repository.rows[0]).toMatchObject({ status: "failed" });
  expect(requested).toEqual([]);
});

it("is for the creator only", async () => {
  const { retry } = withMedia({ owner: "somebody-else" });
  expect((await retry()).status).toBe(403);
});
