/**
 * Which files may import which: `npm run imports`. From the top down
 *
 *     commands.ts → __tests__, bench → cli → harness, policies → packages
 *     main.ts → stacks → handlers (types only)
 *
 * @type {import("dependency-cruiser").IConfiguration}
 */
module.exports = {
  forbidden: [
    {
      name: "no-cycles",
      comment: "files that import each other can't be read, or tested, one at a time",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    {
      name: "resolvable",
      comment: "an import that leads nowhere",
      severity: "error",
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: "packages-stand-alone",
      comment: "packages are libraries: they know nothing of this product, and import only each other",
      severity: "error",
      from: { path: "^packages/" },
      to: { path: "^(main\\.ts|commands\\.ts|stacks|policies|handlers|web|cli|bench|harness|__tests__)" },
    },
    {
      name: "packages-go-down",
      comment: "cli-kit imports no package, terraform only cli-kit, iam both of them",
      severity: "error",
      from: { path: "^packages/(terraform|iam)/" },
      to: { path: "^packages/", pathNot: ["^packages/$1/", "^packages/(cli-kit|terraform)/"] },
    },
    {
      name: "cli-kit-imports-no-package",
      comment: "cli-kit is the lowest package",
      severity: "error",
      from: { path: "^packages/cli-kit/" },
      to: { path: "^packages/", pathNot: "^packages/cli-kit/" },
    },
    {
      name: "package-by-name",
      comment: "import a package by its name, @packages/…: its exports are what others may use",
      severity: "error",
      // cli/setup runs before there is a node_modules folder
      from: { path: "^(cli|bench|harness|policies|stacks)/", pathNot: "^cli/setup/main\\.js$" },
      to: { path: "^packages/", dependencyTypesNot: ["aliased-workspace"] },
    },
    {
      name: "stacks-know-no-tools",
      comment: "what is deployed does not know what deploys it",
      severity: "error",
      from: { path: "^(main\\.ts|stacks/)" },
      to: {
        path: "^(policies|cli|bench|harness|packages|web|__tests__)/",
        // tables of what AWS sells: policies and prices read them too
        pathNot: "^packages/aws-sizes/",
      },
    },
    {
      name: "stacks-take-types-of-handlers",
      comment: "stacks import only types from handlers, but schemas that are synthesized",
      severity: "error",
      from: { path: "^stacks/" },
      to: { path: "^handlers/", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "constructs-get-settings",
      comment: "a construct is handed its settings: it imports no environment and no stack",
      severity: "error",
      from: { path: "^stacks/(constructs|lib)/" },
      to: { path: "^stacks/[^/]+\\.ts$", pathNot: "^stacks/base-stack\\.ts$" },
    },
    {
      name: "lib-is-lowest",
      comment: "stacks/lib is what constructs share: it imports none of them",
      severity: "error",
      from: { path: "^stacks/lib/" },
      to: { path: "^stacks/constructs/" },
    },
    {
      name: "handlers-know-no-infrastructure",
      comment: "what runs does not know what deploys it",
      severity: "error",
      from: { path: "^handlers/" },
      to: {
        path: "^(main\\.ts|stacks|policies|cli|bench|harness|packages|web|__tests__)|node_modules/(cdktf|constructs|@cdktf)/",
      },
    },
    {
      name: "domain-knows-interfaces",
      comment: "the domain knows interfaces, not AWS: put it in handlers/services or handlers/runtime",
      severity: "error",
      from: { path: "^handlers/(media|processor)/" },
      to: { path: "node_modules/(@aws-sdk/|aws-xray-sdk|pg/|ioredis/)" },
    },
    {
      name: "console-shares-types",
      comment: "the console shares the API's types and limits, not its code",
      severity: "error",
      from: { path: "^web/" },
      to: { path: "^handlers/", pathNot: "^handlers/media/limits\\.ts$", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "console-imports-no-tools",
      comment:
        "the console is a page: it imports nothing but itself, the API's types and what a browser runs",
      severity: "error",
      from: { path: "^web/" },
      to: { path: "^(main\\.ts|stacks|policies|cli|bench|harness|packages|__tests__)/" },
    },
    {
      name: "policies-know-packages",
      comment: "policies judge synthesized JSON: they import packages, no stack and no command",
      severity: "error",
      from: { path: "^policies/" },
      to: { path: "^(main\\.ts|stacks|handlers|web|cli|bench|harness|__tests__)" },
    },
    {
      name: "commands-on-top",
      comment: "nothing below imports the bench, a test, or the list of commands",
      severity: "error",
      from: { path: "^(harness|cli)/" },
      to: { path: "^(bench/|__tests__/|commands\\.ts$)" },
    },
    {
      name: "harness-knows-no-command",
      comment: "the harness is below the commands",
      severity: "error",
      from: { path: "^harness/" },
      to: { path: "^cli/" },
    },
    {
      name: "shared-knows-no-command",
      comment: "cli/lib is what commands share: it imports none of them",
      severity: "error",
      from: { path: "^cli/lib/" },
      to: { path: "^cli/(?!lib/)" },
    },
    {
      name: "embedded-aws-is-for-rehearsals",
      comment:
        "a command that works on AWS must not load the emulator: only npm start, the harness, tests and bench do",
      severity: "error",
      from: { path: "^cli/", pathNot: "^cli/start/" },
      to: { path: "^packages/embedded-aws/" },
    },
    {
      name: "one-resource-at-a-time",
      comment:
        "import one resource, @cdktf/provider-aws/lib/<resource>: the whole takes seconds and hundreds of MB",
      severity: "error",
      from: {},
      to: { path: "node_modules/@cdktf/provider-aws/lib/index\\.js$" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "(^|/)(cdktf\\.out|hcl\\.out|\\.local|bench/baselines|web/dist)/" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["require", "node", "default"] },
  },
};
