// Who may import whom, by folder (docs/architecture.md). Type-only imports count: a type is a dependency too.

const KERNEL = '^src/kernel/';
const TEST = '[.]test[.]ts$';
/** Wiring: modules, and the files directly in src. They name what they put together, whatever folder it is in. */
const WIRING = '([.]module[.]ts|^src/[^/]+[.]ts)$';

/** Folder → what else its files may import from src. */
const MAY_IMPORT = {
  kernel: [],
  config: [KERNEL],
  protocol: [KERNEL],
  link: ['^src/protocol/', KERNEL],
  transport: ['^src/protocol/', '^src/link/', KERNEL],
  routing: ['^src/transport/(transport|shadowing)[.]ts$', KERNEL],
  slo: ['^src/telemetry/(catalogue|[a-z-]+-metrics)[.]ts$', '^src/store/', KERNEL],
  rollout: ['^src/routing/plan[.]ts$', '^src/slo/verdict[.]ts$', '^src/store/', KERNEL],
  telemetry: [KERNEL],
  notify: [KERNEL],
  store: [KERNEL],
  alerting: ['^src/slo/(verdict|rollback-alerts)[.]ts$', '^src/store/', KERNEL],
  api: [
    '^src/(routing|rollout|slo|notify|alerting|telemetry|config)/',
    '^src/transport/transport[.]ts$',
    '^src/protocol/',
    KERNEL,
  ],
  // A report is made of what the API answers, and of nothing else.
  reports: ['^src/api/schemas/[a-z-]+[.]ts$', KERNEL],
  simulator: ['^src/(protocol|link)/', KERNEL],
  capture: ['^src/(protocol|link)/', KERNEL],
  toggler: ['^src/(protocol|link)/', '^src/telemetry/metrics-server[.]ts$', KERNEL],
  artefacts: [
    '^src/telemetry/(catalogue|[a-z-]+-metrics)[.]ts$',
    '^src/protocol/catalogue[.]ts$',
    '^src/slo/(objectives|recorded|duration|budget|rules|rollback-alerts)[.]ts$',
    // Reference pages: of every setting, and of every call of the API.
    '^src/config/(schema|environment)[.]ts$',
    '^src/api/(openapi|problem)[.]ts$',
    KERNEL,
  ],
  // The demonstration starts a server of its own: it gives it its rules of access and stops it through its life cycle.
  cli: [
    '^src/api/(schemas/[a-z-]+|access|access-rules)[.]ts$',
    '^src/(artefacts|simulator|capture|toggler|config|reports)/',
    // `check` reads tokens, a ladder and objectives as the server will.
    '^src/rollout/(ladder|ladder-file|lint-ladder)[.]ts$',
    '^src/slo/(objective-file|objectives|replay-decision|guard/replay-evidence)[.]ts$',
    '^src/(main|lifecycle)[.]ts$',
    KERNEL,
  ],
};

const layers = Object.entries(MAY_IMPORT).map(([folder, others]) => ({
  name: `layer-${folder}`,
  comment: `src/${folder} imports nothing of src but itself and: ${others.join(', ') || 'nothing'}`,
  severity: 'error',
  from: { path: `^src/${folder}/`, pathNot: [TEST, WIRING] },
  to: { path: '^src/', pathNot: [`^src/${folder}/`, ...others] },
}));

const forbidden = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    forbidden('no-cycles', 'Two files that need each other lack a third.', {}, { circular: true }),
    forbidden('resolvable', 'An import leads somewhere.', {}, { couldNotResolve: true }),
    ...layers,
    forbidden(
      'known-folder',
      'A new folder of src gets a line in the table above.',
      { path: '^src/[^/]+/', pathNot: `^src/(${Object.keys(MAY_IMPORT).join('|')})/` },
      {},
    ),
    forbidden(
      'api-protocol-types',
      'The API knows the protocol by its types, and by the closed lists of words that a command may hold.',
      { path: '^src/api/', pathNot: [TEST, WIRING] },
      {
        path: '^src/protocol/',
        pathNot: '^src/protocol/(actions|light-shows)[.]ts$',
        dependencyTypesNot: ['type-only'],
      },
    ),
    forbidden(
      'transports-apart',
      'Only the wiring names a transport, so that legacy can be deleted one day.',
      { path: '^src/', pathNot: [TEST, WIRING, '^src/transport/(reliable|legacy|shadow)/'] },
      { path: '^src/transport/(reliable|legacy|shadow)/' },
    ),
    forbidden(
      'transports-strangers',
      'One transport does not lean on another.',
      { path: '^src/transport/(reliable|legacy|shadow)/', pathNot: TEST },
      { path: '^src/transport/(reliable|legacy|shadow)/', pathNot: '^src/transport/$1/' },
    ),
    forbidden(
      'shadow-cannot-write',
      'From the shadow no way leads to a link: what it is given is data, and what it is made of is pure.',
      { path: '^src/transport/shadow/', pathNot: TEST },
      { path: '^src/(link|routing)/', reachable: true },
    ),
    forbidden(
      'mirror-cannot-write',
      'The mirror knows of links and transports by what it is told.',
      { path: '^src/routing/(mirror|live-recording|cohort)[^/]*[.]ts$', pathNot: [TEST, WIRING] },
      { path: '^src/(link/|transport/(transport|shadowing)[.]ts$)', dependencyTypesNot: ['type-only'] },
    ),
    forbidden(
      'no-simulator-in-production',
      'Simulated devices are a product of their own; only the command line starts them.',
      { path: '^src/', pathNot: [TEST, '^src/(simulator|cli)/'] },
      { path: '^src/simulator/' },
    ),
    forbidden(
      'console-stands-alone',
      'The web console is a package of its own: of src it has types, and three files that know nothing of Node.',
      { path: '^console/', pathNot: TEST },
      {
        path: '^src/',
        pathNot: '^src/cli/(event-reader|rollout/(times|evidence-rows))[.]ts$',
        dependencyTypesNot: ['type-only'],
      },
    ),
    forbidden(
      'wiring-stays-outside',
      'What the server is made of does not know the tools around it.',
      { path: WIRING },
      { path: '^src/(artefacts|cli)/' },
    ),
    forbidden(
      'wiring-is-a-root',
      'Only wiring and the command line start from wiring.',
      { path: '^src/', pathNot: [TEST, WIRING, '^src/cli/'] },
      { path: WIRING },
    ),
    forbidden(
      'no-test-in-production',
      'Tests and their support are not shipped.',
      { path: '^src/', pathNot: TEST },
      { path: [TEST, '^test/'] },
    ),
    forbidden(
      'only-dependencies-in-production',
      'What is shipped uses what is installed with it.',
      { path: '^src/', pathNot: TEST },
      { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], pathNot: '^node_modules/@types/' },
    ),
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'types', 'default'],
    },
  },
};
