import { join } from "node:path";
import { projectFolder } from "@packages/cli-kit/paths";
import { SYNTH_FOLDER, synthesizeAll } from "../lib/synthesize";
import { terraformToolchain } from "../lib/toolchain";
import { writeHcl, type Written } from "./write";

export const HCL_FOLDER = join(projectFolder, "hcl.out");

/** Synthesizes every stack and writes it as native HCL into a folder of `hcl.out/`. */
export async function synthesizeHcl(): Promise<Written[]> {
  await synthesizeAll();
  return writeHcl(SYNTH_FOLDER, HCL_FOLDER, await terraformToolchain());
}
