import { Writable } from "node:stream";
import { Steps } from "@packages/cli-kit/progress";

/** Steps whose lines are told to somebody, without the signs of life in between. */
export function toldSteps(tell: (line: string) => void): Steps {
  const out = new Writable({
    write(chunk: Buffer, _encoding, done) {
      const line = chunk.toString().trimEnd();
      if (!line.startsWith("…")) tell(line);
      done();
    },
  });
  return new Steps(out);
}
