// The rule of dependence: one map from a layer to the layers it may import. docs/architecture.md draws it.
const base = ['core', 'crypto', 'protocol']
const edge = [
  ...base,
  'metering',
  'tariff',
  'policy',
  'energy',
  'log',
  'sync',
  'letter',
  'telemetry',
  'journal',
  'roads',
  'format',
  'tracing',
]
const allowed = {
  'lib/core': [],
  'lib/crypto': ['lib/core'],
  'lib/format': ['lib/core'],
  'lib/tracing': ['lib/core'],
  'lib/protocol': ['lib/core', 'lib/crypto'],
  'lib/metering': base.map((name) => `lib/${name}`),
  'lib/tariff': ['lib/core', 'lib/crypto', 'lib/protocol'],
  'lib/policy': [...base, 'tariff'].map((name) => `lib/${name}`),
  'lib/energy': [...base, 'tariff', 'policy'].map((name) => `lib/${name}`),
  'lib/log': base.map((name) => `lib/${name}`),
  'lib/sync': [...base, 'log'].map((name) => `lib/${name}`),
  'lib/letter': [...base, 'tariff', 'policy'].map((name) => `lib/${name}`),
  'lib/telemetry': base.map((name) => `lib/${name}`),
  'lib/journal': [...base, 'log', 'sync'].map((name) => `lib/${name}`),
  'lib/roads': [...base, 'log', 'sync', 'journal'].map((name) => `lib/${name}`),
  'lib/wallet': edge.map((name) => `lib/${name}`),
  'lib/cloud': edge.map((name) => `lib/${name}`),
  'components/ui': [],
  'components/driver': ['components/ui', 'lib/format', 'lib/core'],
  'components/technician': ['components/ui', 'components/driver', 'lib/format', 'lib/core'],
  'components/kiosk': ['components/ui', 'lib/format', 'lib/core'],
  'components/console': ['components/ui', 'lib/format', 'lib/core', 'lib/cloud/operations'],
  'components/camera': ['lib/core'],
  'charger-kiosk/screen': [
    'charger-kiosk/screen-protocol',
    'components/ui',
    'components/kiosk',
    'components/camera',
    'lib/format',
    'lib/core',
  ],
  'charger-kiosk': edge.map((name) => `lib/${name}`),
  'site-gateway': edge.map((name) => `lib/${name}`),
  'service-worker': [],
}

const layers = Object.keys(allowed)
const ours = '^(lib|components|charger-kiosk|site-gateway|simulator|service-worker|app|scripts|tests)/'
const pattern = (layer) => `^${layer}/`

const layerRules = layers.map((layer) => {
  const nested = layers.filter((other) => other !== layer && other.startsWith(`${layer}/`)).map(pattern)
  const self = layer === 'charger-kiosk' ? ['^charger-kiosk/(?!screen/)'] : [pattern(layer)]
  return {
    name: `layer-${layer.replace('/', '-')}`,
    comment: `${layer} may import only: ${allowed[layer].join(', ') || 'nothing of ours'}.`,
    severity: 'error',
    from: { path: pattern(layer), ...(nested.length > 0 ? { pathNot: nested } : {}) },
    to: {
      path: ours,
      pathNot: [
        ...self,
        ...allowed[layer].map((name) =>
          name.includes('screen-protocol') ? '^charger-kiosk/screen-protocol' : pattern(name),
        ),
      ],
    },
  }
})

module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'nothing-imports-app',
      severity: 'error',
      from: { pathNot: '^(app|tests)/' },
      to: { path: '^app/' },
    },
    {
      name: 'pure-zones-have-no-platform',
      comment: 'State machines and formats run the same in a browser, a controller and a test.',
      severity: 'error',
      from: {
        path: '^(lib/(core|protocol|metering|tariff|policy|log|energy|telemetry)|charger-kiosk/(session|safety))/',
      },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'pure-zones-have-no-framework',
      severity: 'error',
      from: {
        path: '^(lib/(core|protocol|metering|tariff|policy|log|energy|telemetry)|charger-kiosk/(session|safety))/',
      },
      to: { path: 'node_modules/(next|react|react-dom|pg|kysely|libsql|ocpp-rpc|idb|ws)/' },
    },
    {
      name: 'consoles-know-answers-by-shape-alone',
      comment:
        'What describes the API is of the server; a screen may name the shape of an answer (docs/adr/0044).',
      severity: 'error',
      from: { path: '^components/console/' },
      to: { path: '^lib/cloud/operations/', dependencyTypesNot: ['type-only'] },
    },
    ...layerRules,
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(\\.next|dist|var)/' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default'],
    },
  },
}
