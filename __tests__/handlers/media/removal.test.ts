import { aWorld } from "./world";

async function registered() {
  const world = aWorld();
  const body = { title: "x", visibility: "public", contentType: "video/mp4", sizeBytes: 1 };
  const { media } = (await (await world.ask("/media", { method: "POST", body })).json()) as {
    media: { id: string };
  };
  const remove = () => world.ask(`/media/${media.id}`, { method: "DELETE" });
  return { ...world, id: media.id, remove };
}

it("removes the upload, the objects and the row, and the media is no longer shown", async () => {
  const { ask, remove, id, uploads, removed, registry } = await registered();
  await ask("/media");
  const answer = await remove();
  expect(answer.status).toBe(204);
  expect(await answer.text()).toBe("");
  expect([uploads.open.size, removed, registry.known.size]).toEqual([0, [id], 0]);
  expect((await ask(`/media/${id}`)).status).toBe(404);
  expect(await (await ask("/media")).json()).toEqual({ items: [] });
  expect((await remove()).status).toBe(404);
});

it("returns no cookies for a removed media that is still cached", async () => {
  const { ask, id, repository, registry } = await registered();
  expect((await ask(`/media/${id}`)).status).toBe(200);
  // Removed by an instance that could not reach the cache.
  registry.known.delete(id);
  repository.rows.splice(0);
  expect((await ask(`/media/${id}`)).status).toBe(200);
  expect((await ask(`/media/${id}/playback`)).status).toBe(404);
});

it("that is interrupted hides the media immediately, and continues when it is repeated", async () => {
  const { ask, remove, id, objects, removed, registry } = await registered();
  const work = objects.remove.bind(objects);
  objects.remove = () => Promise.reject(new Error("the function was killed"));
  expect((await remove()).status).toBe(500);
  expect((await ask(`/media/${id}`)).status).toBe(404);
  for (const [step, body] of [
    ["abort", undefined],
    ["parts", { partNumbers: [1] }],
  ] as const) {
    expect((await ask(`/media/${id}/upload/${step}`, { method: "POST", body })).status).toBe(404);
  }
  objects.remove = work;
  expect((await remove()).status).toBe(204);
  expect([removed, registry.known.size]).toEqual([[id], 0]);
});

it("of a media in work hides it, and continues when the processor has stopped", async () => {
  const { ask, remove, id, registry, removed } = await registered();
  registry.busy.add(id);
  const answer = await remove();
  expect(answer.status).toBe(409);
  expect(answer.headers.get("retry-after")).toBe("5");
  expect(await answer.json()).toMatchObject({
    code: "processing",
    detail: expect.stringContaining("is being stopped"),
  });
  expect(removed).toEqual([]);
  expect((await ask(`/media/${id}`)).status).toBe(404);
  registry.busy.delete(id);
  expect((await remove()).status).toBe(204);
  expect(removed).toEqual([id]);
});

it("of what another request removed meanwhile answers 404", async () => {
  const { remove, id, registry } = await registered();
  registry.hide = () => {
    registry.known.delete(id);
    return Promise.resolve(undefined);
  };
  expect((await remove()).status).toBe(404);
});
