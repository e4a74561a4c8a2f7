/** The workflow that deploys what main contains, relative to the project. */
export const DEPLOY_WORKFLOW = ".github/workflows/deploy.yml";

/**
 * The workflow's text: one job an environment, in the order of `stacks/environments.ts`. Each needs the one before. A
 * matrix would shorten it, but GitHub does not guarantee the order in which the jobs of a matrix run.
 */
export function deployWorkflow(environmentNames: readonly string[]): string {
  const jobs = environmentNames.map((name, index) => job(name, environmentNames[index - 1]));
  return [HEADER, ...jobs].join("\n");
}

const HEADER = `# Made by \`npm run docs\` from stacks/environments.ts.
name: Deploy

# Deploys main to each environment in turn. Each waits for the previous one, and for the approval that the GitHub
# environment of that name requires.
on:
  push:
    branches: [main]
  workflow_dispatch:
    inputs:
      accept:
        description: First digits of the digest of a plan that needs a person, to apply it anyway
        type: string
        default: ""

permissions:
  contents: read

jobs:`;

function job(name: string, previous: string | undefined): string {
  return `  ${name}:
${previous === undefined ? "" : `    needs: ${previous}\n`}\
    uses: ./.github/workflows/deploy-environment.yml
    permissions:
      actions: read
      contents: read
      id-token: write
    with:
      environment: ${name}
      accept: \${{ inputs.accept || '' }}
`;
}
