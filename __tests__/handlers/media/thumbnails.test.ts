import { Thumbnails } from "../../../handlers/media/thumbnails";
import { aMedia } from "../fakes";

const HOUR_MS = 3_600_000;
const media = aMedia();
const item = { ...media, playbackPath: "stream/x/run/" };

function setUp() {
  const clock = { now: 10 };
  const signedPath = jest.fn((path: string, until: number) => Promise.resolve(`${path}?until=${until}`));
  return { clock, signedPath, thumbnails: new Thumbnails({ signedPath }, () => clock.now) };
}

it("are the signed paths of posters, equal for an hour and valid for at least six", async () => {
  const { clock, signedPath, thumbnails } = setUp();
  const first = await thumbnails.add(item);
  expect(first).toEqual({ ...media, thumbnail: `/stream/x/run/poster.jpg?until=${7 * HOUR_MS}` });
  expect(first).not.toHaveProperty("playbackPath");
  clock.now = HOUR_MS;
  expect(await thumbnails.add(item)).toEqual(first);
  expect(signedPath).toHaveBeenCalledTimes(1);
  clock.now = HOUR_MS + 1;
  expect(await thumbnails.add(item)).toMatchObject({
    thumbnail: `/stream/x/run/poster.jpg?until=${8 * HOUR_MS}`,
  });
});

it("are absent before a media is ready, and while they can't be signed", async () => {
  const { signedPath, thumbnails } = setUp();
  expect(await thumbnails.add({ ...item, playbackPath: null })).not.toHaveProperty("thumbnail");
  signedPath.mockRejectedValue(new Error("the secret can't be read"));
  expect(await thumbnails.add(item)).not.toHaveProperty("thumbnail");
});
