import { keepAccess } from "../../web/src/keep-access";
import { fakeBrowser } from "./support/fake-browser";

type Playback = Awaited<ReturnType<Parameters<typeof keepAccess>[0]>>;

const MINUTE_MS = 60_000;
/** Minutes for which the access is given, and how long before its end it is renewed. */
const [LASTS, BEFORE] = [120, 15];

let dispatch: ReturnType<typeof fakeBrowser>;
let reads: number;
/** Outcome of each read; those that follow succeed. */
let outcomes: (() => Promise<Playback>)[];
let firsts: string[];
let errors: (string | undefined)[];
let end: () => void;

const access = (): Playback => {
  const expiresAt = new Date(Date.now() + LASTS * MINUTE_MS).toISOString();
  return { url: `/stream/${reads}/master.m3u8`, poster: "", sprite: "", chapters: "", query: "", expiresAt };
};
const lost = () => Promise.reject(new Error("no network"));
const minutes = (count: number): Promise<void> => jest.advanceTimersByTimeAsync(count * MINUTE_MS);

function begin(...first: typeof outcomes): Promise<void> {
  outcomes = first;
  const play = (): Promise<Playback> => {
    const outcome = outcomes[reads++];
    return outcome === undefined ? Promise.resolve(access()) : outcome();
  };
  end = keepAccess(play, {
    onFirst: ({ url }) => firsts.push(url),
    onError: (error) => errors.push((error as Error | undefined)?.message),
  });
  return minutes(0);
}

beforeEach(() => {
  jest.useFakeTimers();
  dispatch = fakeBrowser();
  [reads, firsts, errors] = [0, [], []];
});
afterEach(() => {
  end();
  jest.useRealTimers();
});

test("is renewed before each end, and the player is given only the first", async () => {
  await begin();
  await minutes(LASTS - BEFORE - 1);
  expect(reads).toBe(1);
  await minutes(1);
  expect(reads).toBe(2);
  await minutes(LASTS - BEFORE);
  expect(reads).toBe(3);
  expect(firsts).toEqual(["/stream/1/master.m3u8"]);
});

test("is renewed at most once a minute, also if its end is near", async () => {
  await begin(() => Promise.resolve({ ...access(), expiresAt: new Date(Date.now()).toISOString() }));
  await minutes(0.9);
  expect(reads).toBe(1);
  await minutes(0.1);
  expect(reads).toBe(2);
});

test("is renewed again a minute after a failure, which does not interrupt the player", async () => {
  await begin(() => Promise.resolve(access()), lost, lost);
  await minutes(LASTS - BEFORE);
  expect(reads).toBe(2);
  await minutes(2);
  expect(reads).toBe(4);
  await minutes(BEFORE);
  expect(reads).toBe(4);
  expect(errors).toStrictEqual([undefined]);
});

test("waits for the network if there is none at first, and takes the error back", async () => {
  await begin(lost);
  expect([firsts, errors]).toEqual([[], ["no network"]]);
  dispatch("online");
  await minutes(0);
  expect([firsts, errors]).toStrictEqual([["/stream/2/master.m3u8"], ["no network", undefined]]);
  await minutes(LASTS - BEFORE);
  expect(reads).toBe(3);
});

test("ends when the player is no longer shown: no read, no timer, and nothing of an answer under way", async () => {
  await begin();
  end();
  await minutes(2 * LASTS);
  expect([reads, jest.getTimerCount()]).toEqual([1, 0]);

  let arrive: (playback: Playback) => void = () => undefined;
  [reads, firsts] = [0, []];
  await begin(() => new Promise((resolve) => (arrive = resolve)));
  end();
  arrive(access());
  dispatch("online");
  await minutes(2 * LASTS);
  expect([reads, firsts, jest.getTimerCount()]).toEqual([1, [], 0]);
});

test("ends also while it is being renewed", async () => {
  let arrive: (playback: Playback) => void = () => undefined;
  await begin(
    () => Promise.resolve(access()),
    () => new Promise((resolve) => (arrive = resolve)),
  );
  await minutes(LASTS - BEFORE);
  end();
  arrive(access());
  await minutes(2 * LASTS);
  expect([reads, jest.getTimerCount()]).toEqual([2, 0]);
});
