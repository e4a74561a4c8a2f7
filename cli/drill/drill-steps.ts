import { Writable } from "node:stream";
import { Steps } from "@packages/cli-kit/progress";

/** Steps that pass their lines to a function, without heartbeat lines. */
export function stepsTo(tell: (line: string) => void): Steps {
  const out = new Writable({
    write(chunk: Buffer, _encoding, done) {
      const line = chunk.toString().trimEnd();
      if (!line.startsWith("…")) tell(line);
      done();
    },
  });
  return new Steps(out);
}
