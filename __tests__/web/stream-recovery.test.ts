import { ErrorDetails, ErrorTypes, Events } from "hls.js";
import { recover } from "../../web/src/stream-recovery";

type Recovered = Parameters<typeof recover>[0];

/** A stream that records what it is asked to load. */
function streamWith(levels: number, renew: () => Promise<unknown> = () => Promise.resolve()) {
  const calls: string[] = [];
  const errors: (string | undefined)[] = [];
  const listeners = new Map<string, (event: string, data: object) => void>();
  const hls = {
    levels: Array.from({ length: levels }),
    url: "/stream/x/master.m3u8",
    on: (event: string, listener: (event: string, data: object) => void) => listeners.set(event, listener),
    startLoad: () => calls.push("segments"),
    loadSource: (url: string) => calls.push(url),
    recoverMediaError: () => calls.push("media"),
  };
  recover(hls as unknown as Recovered, { renew, onError: (error) => errors.push(error?.failure) });
  const fail = (data: object): Promise<void> => {
    listeners.get(Events.ERROR)?.(Events.ERROR, {
      fatal: true,
      type: ErrorTypes.NETWORK_ERROR,
      details: ErrorDetails.MANIFEST_LOAD_ERROR,
      ...data,
    });
    return new Promise((resolve) => setImmediate(resolve));
  };
  return { calls, errors, fail };
}

const refused = { response: { code: 403 } };

it("renews the access once, then loads the segments on", async () => {
  const { calls, errors, fail } = streamWith(3);
  await fail(refused);
  expect([calls, errors]).toEqual([["segments"], []]);
  await fail(refused);
  expect([calls, errors]).toEqual([["segments"], ["expired"]]);
});

it("loads a refused master playlist again, without which there is nothing else to load", async () => {
  const { calls, errors, fail } = streamWith(0);
  await fail(refused);
  expect([calls, errors]).toEqual([["/stream/x/master.m3u8", "segments"], []]);
  await fail(refused);
  expect(errors).toEqual(["expired"]);
});

it("says that playback has expired if the access can't be renewed", async () => {
  const { calls, errors, fail } = streamWith(3, () => Promise.reject(new Error("gone")));
  await fail(refused);
  expect([calls, errors]).toEqual([[], ["expired"]]);
});

it("tells a lost network from a stream that can't be played, and skips damaged data once", async () => {
  const { calls, errors, fail } = streamWith(3);
  await fail({});
  await fail({ type: ErrorTypes.MEDIA_ERROR });
  await fail({ type: ErrorTypes.MEDIA_ERROR });
  await fail({ fatal: false });
  expect([calls, errors]).toEqual([["media"], ["interrupted", "unsupported"]]);
});
