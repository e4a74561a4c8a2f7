import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { committedSettingsOf, synthTo } from "../support/synth";

/** What `npm run synth` writes for dev's stack: SHA-256 of its bytes, and number of resources. */
export function synthesizedDev(): { readonly sha256: string; readonly resources: number } {
  const folder = mkdtempSync(join(tmpdir(), "streamflow-emulator-"));
  try {
    const stacks = synthTo(folder, [committedSettingsOf("dev")]);
    const stack = stacks.find((path) => path.endsWith("streamflow-dev")) ?? "";
    const json = readFileSync(join(stack, "cdk.tf.json"));
    const { resource } = JSON.parse(json.toString()) as { resource: object };
    return {
      sha256: createHash("sha256").update(json).digest("hex"),
      resources: Object.values(resource).flatMap((named: object) => Object.keys(named)).length,
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
