import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as ts from 'typescript';
import type { KubernetesDocument } from './helm';
import { ROOT } from './tool';

/** What resources are like, by API version and kind: the module and the name of its type. */
const TYPES: Readonly<Record<string, readonly [module: string, type: string]>> = {
  'v1/ConfigMap': ['kubernetes-models/v1/ConfigMap', 'IConfigMap'],
  'v1/Pod': ['kubernetes-models/v1/Pod', 'IPod'],
  'v1/Service': ['kubernetes-models/v1/Service', 'IService'],
  'v1/ServiceAccount': ['kubernetes-models/v1/ServiceAccount', 'IServiceAccount'],
  'apps/v1/Deployment': ['kubernetes-models/apps/v1/Deployment', 'IDeployment'],
  'autoscaling/v2/HorizontalPodAutoscaler': [
    'kubernetes-models/autoscaling/v2/HorizontalPodAutoscaler',
    'IHorizontalPodAutoscaler',
  ],
  'networking.k8s.io/v1/Ingress': ['kubernetes-models/networking.k8s.io/v1/Ingress', 'IIngress'],
  'networking.k8s.io/v1/NetworkPolicy': [
    'kubernetes-models/networking.k8s.io/v1/NetworkPolicy',
    'INetworkPolicy',
  ],
  'policy/v1/PodDisruptionBudget': [
    'kubernetes-models/policy/v1/PodDisruptionBudget',
    'IPodDisruptionBudget',
  ],
  'monitoring.coreos.com/v1/ServiceMonitor': [
    '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/ServiceMonitor',
    'IServiceMonitor',
  ],
  'monitoring.coreos.com/v1/PrometheusRule': [
    '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/PrometheusRule',
    'IPrometheusRule',
  ],
};

/** Known to the operator since 0.66, to these types not yet; promtool judges it. */
const NEWER = new Set(['keep_firing_for']);

const OPTIONS: ts.CompilerOptions = {
  strict: true,
  noEmit: true,
  skipLibCheck: true,
  target: ts.ScriptTarget.ES2023,
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  types: [],
};

/**
 * What is wrong with the documents by the types of Kubernetes and of the Prometheus operator. The compiler finds what a
 * validator by schema does not: a field that nobody knows, as after a slip of the pen or of the indentation.
 */
export function typeFaults(documents: readonly KubernetesDocument[]): string[] {
  const cache = join(ROOT, 'node_modules', '.cache');
  mkdirSync(cache, { recursive: true });
  // Inside of node_modules, so that the packages are found.
  const folder = mkdtempSync(join(cache, 'chart-'));
  try {
    const file = join(folder, 'documents.ts');
    writeFileSync(file, sourceOf(documents));
    const program = ts.createProgram([file], OPTIONS);
    return ts
      .getPreEmitDiagnostics(program)
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function sourceOf(documents: readonly KubernetesDocument[]): string {
  const imports = new Set<string>();
  const lines = documents.map((document) => {
    const kind = `${document.apiVersion}/${document.kind}`;
    const known = TYPES[kind];
    if (!known) throw new Error(`${kind} has no type in test/support/kubernetes-types.ts`);
    const [module, type] = known;
    imports.add(`import type { ${type} } from '${module}';`);
    const literal = JSON.stringify(document, (name, value: unknown) => (NEWER.has(name) ? undefined : value));
    return `(${literal}) satisfies ${type};`;
  });
  return [...imports, ...lines].join('\n');
}
