const tseslint = require("typescript-eslint");

// Which file may import which stands in .dependency-cruiser.js.
module.exports = tseslint.config(
  {
    ignores: ["node_modules", "cdktf.out", "hcl.out", ".local", "coverage", "web/dist", "bench/baselines"],
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
      "no-restricted-syntax": [
        "error",
        {
          selector: "SpreadElement[argument.type='ObjectExpression']",
          message: "write the fields out: spreading a literal only saves lines",
        },
      ],
    },
  },
  {
    files: ["**/*.ts", "web/**/*.tsx"],
    ignores: ["__tests__/**"],
    rules: { "max-lines-per-function": ["error", { max: 60, skipBlankLines: false, skipComments: false }] },
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
  {
    files: [
      "main.ts",
      "commands.ts",
      "cli/**/*.ts",
      "bench/**/*.ts",
      "__tests__/support/foreign-settings.ts",
    ],
    rules: { "no-console": "off" },
  },
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
