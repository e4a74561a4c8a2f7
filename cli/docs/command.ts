import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { defineCommand } from "@packages/cli-kit/command";
import { projectFolder } from "@packages/cli-kit/paths";
import { SYNTH_FOLDER, synthesizeAll } from "../lib/synthesize";

export const docs = defineCommand({
  name: "docs",
  summary:
    "Synthesizes, and writes the generated documents below docs/, the workflow that deploys, the rules of the plan review, and what scanners skip.",
  examples: [""],
  run: async (_, { print }) => {
    await synthesizeAll();
    const { documents } = await import("./documents");
    const { readStacks } = await import("@packages/terraform/synthesized-stack");
    const { environments } = await import("../../stacks/environments");
    for (const [file, text] of Object.entries(await documents(readStacks(SYNTH_FOLDER), environments))) {
      writeFileSync(join(projectFolder, "docs", file), text);
      print(`docs/${file}: ${text.split("\n").length} lines`);
    }
    const { DEPLOY_WORKFLOW, deployWorkflow } = await import("./deploy-workflow");
    writeFileSync(join(projectFolder, DEPLOY_WORKFLOW), deployWorkflow(environments.map(({ name }) => name)));
    print(DEPLOY_WORKFLOW);
    const { RULES_PAGE, rulesDocument } = await import("./rules");
    writeFileSync(join(projectFolder, RULES_PAGE), rulesDocument());
    print(RULES_PAGE);
    const { scannerFiles } = await import("./scanners");
    const { acceptedFindings } = await import("../../policies/accepted-findings");
    for (const [file, text] of Object.entries(scannerFiles(acceptedFindings))) {
      writeFileSync(join(projectFolder, file), text);
      print(file);
    }
  },
});
