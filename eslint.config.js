const tseslint = require("typescript-eslint");

/** Imports go one way: main → stacks → constructs → access, units, names, limits. */
const banImports = (files, ...groups) => ({
  files,
  rules: {
    "@typescript-eslint/no-restricted-imports": [
      "error",
      {
        patterns: [
          {
            regex: "^@cdktf/provider-aws$",
            message: "import one resource: @cdktf/provider-aws/lib/<resource>",
          },
          ...groups,
        ],
      },
    ],
  },
});

module.exports = tseslint.config(
  {
    ignores: [
      "node_modules",
      "cdktf.out",
      "hcl.out",
      ".local",
      "coverage",
      "web/dist",
      "tools/bench/baselines",
    ],
  },
  ...tseslint.configs.recommendedTypeChecked.map((config) => ({
    ...config,
    files: ["**/*.ts", "web/**/*.tsx"],
  })),
  {
    files: ["**/*.ts", "web/**/*.tsx"],
    languageOptions: {
      parserOptions: { project: ["./tsconfig.json", "./web/tsconfig.json"], tsconfigRootDir: __dirname },
    },
    rules: {
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/switch-exhaustiveness-check": "error",
      "no-console": "error",
      eqeqeq: "error",
    },
  },
  {
    // Tests read synthesized JSON, answers and logs: their shape is what they assert.
    files: ["__tests__/**/*.ts"],
    rules: {
      "@typescript-eslint/no-unsafe-argument": "off",
      "@typescript-eslint/no-unsafe-assignment": "off",
      "@typescript-eslint/no-unsafe-call": "off",
      "@typescript-eslint/no-unsafe-member-access": "off",
      "@typescript-eslint/no-unsafe-return": "off",
    },
  },
  { files: ["main.ts", "tools/**/*.ts"], rules: { "no-console": "off" } },
  banImports(["**/*.ts"]),
  banImports(
    ["stacks/*.ts"],
    { group: ["**/handlers/**"], allowTypeImports: true, message: "stacks import only types from handlers" },
    { group: ["**/tools/**"], message: "stacks do not know the tools" },
  ),
  banImports(
    ["stacks/constructs/**/*.ts"],
    {
      group: ["**/handlers/**"],
      allowTypeImports: true,
      message: "constructs import only types from handlers",
    },
    {
      group: ["**/tools/**", "**/environments", "**/*-stack"],
      message: "a construct is handed its settings: it imports no environment, stack or tool",
    },
  ),
  banImports(["handlers/**/*.ts"], {
    group: ["**/stacks/**", "**/tools/**", "cdktf", "@cdktf/*", "constructs"],
    message: "handlers do not know the infrastructure",
  }),
  banImports(
    ["handlers/media/**/*.ts", "handlers/processor/**/*.ts"],
    {
      group: ["**/stacks/**", "**/tools/**", "cdktf", "@cdktf/*", "constructs"],
      message: "handlers do not know the infrastructure",
    },
    {
      group: ["@aws-sdk/*", "aws-xray-sdk*", "pg", "ioredis"],
      message: "the domain knows interfaces, not AWS: put it in handlers/services or handlers/runtime",
    },
  ),
  banImports(["web/**/*.ts", "web/**/*.tsx"], {
    regex: "handlers/(?!media/limits$)",
    allowTypeImports: true,
    message: "the console shares the API's types and limits, not its code",
  }),
  {
    files: ["stacks/**/*.ts", "handlers/**/*.ts"],
    ignores: ["handlers/runtime/environment.ts"],
    rules: {
      "no-restricted-properties": [
        "error",
        {
          object: "process",
          property: "env",
          message: "read the environment in handlers/runtime/environment.ts; stacks take settings",
        },
      ],
    },
  },
);
