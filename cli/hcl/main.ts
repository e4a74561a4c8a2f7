import { join, relative } from "node:path";
import { projectFolder } from "@packages/cli-kit/paths";
import { terraformToolchain } from "../lib/toolchain";
import { writeHcl } from "./write";

/** `npm run synth:hcl`: native HCL of every stack, in `hcl.out/`. */
async function main(): Promise<void> {
  const toolchain = await terraformToolchain();
  for (const written of writeHcl(
    join(projectFolder, "cdktf.out"),
    join(projectFolder, "hcl.out"),
    toolchain,
  )) {
    const folder = relative(process.cwd(), written.folder);
    console.log(`${written.stack}: ${written.resources} resources in ${written.files} files of ${folder}`);
  }
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
