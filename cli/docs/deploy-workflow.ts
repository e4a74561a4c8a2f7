/** The workflow that deploys what main contains, relative to the project. */
export const DEPLOY_WORKFLOW = ".github/workflows/deploy.yml";

/**
 * The workflow's text: one job an environment, in the order of `stacks/environments.ts`. Each needs the one before. A
 * matrix would shorten it, but GitHub does not guarantee the order in which the jobs of a matrix run.
 */
export function deployWorkflow(environmentNames: readonly string[]): string {
  const jobs = environmentNames.map((name, index) => job(name, environmentNames[index - 1] ?? "image"));
  return [HEADER, imageJob(environmentNames[0] ?? ""), ...jobs].join("\n");
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

/** Builds the processor's image once; every environment pushes the same layout, so that its digest is the same. */
const imageJob = (first: string): string => `  image:
    name: Image
    runs-on: ubuntu-latest
    timeout-minutes: 60
    steps:
      - uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1
        with:
          persist-credentials: false
      - uses: ./.github/actions/setup
      # The tasks are arm64.
      - run: sudo apt-get install --yes qemu-user-static
      - run: npm run image -- ${first} --build-only --layout image
      - uses: actions/upload-artifact@043fb46d1a93c77aae656e7c1c64a875d1fc6a0a # v7.0.1
        with:
          name: image
          path: image
          retention-days: 7
`;

function job(name: string, previous: string): string {
  return `  ${name}:
    needs: ${previous}
    uses: ./.github/workflows/deploy-environment.yml
    permissions:
      actions: read
      contents: read
      id-token: write
    with:
      environment: ${name}
      accept: \${{ inputs.accept || '' }}
    secrets:
      TERRAFORM_CLOUD_TOKEN: \${{ secrets.TERRAFORM_CLOUD_TOKEN }}
`;
}
