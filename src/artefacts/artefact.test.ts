import { withPart, yamlFile } from './artefact';

describe('a generated part of a document', () => {
  it('replaces what stands between the marks and nothing else', () => {
    const document = 'a\n<!-- generated:table -->\nold\n<!-- /generated -->\nb <!-- /generated -->\n';
    expect(withPart(document, 'table', 'new')).toBe(
      'a\n<!-- generated:table -->\n\nnew\n\n<!-- /generated -->\nb <!-- /generated -->\n',
    );
  });

  it('says so when there is no place for it', () => {
    expect(withPart('no marks', 'table', 'new')).toBeUndefined();
    expect(withPart('<!-- /generated --> <!-- generated:table -->', 'table', 'new')).toBeUndefined();
    expect(withPart('<!-- generated:other --><!-- /generated -->', 'table', 'new')).toBeUndefined();
  });
});

describe('a generated YAML file', () => {
  it('says where it comes from and keeps long lines and expressions as they are', () => {
    const expr = `${'a'.repeat(200)}\n  + b`;
    const file = yamlFile('x.yaml', ['About.'], { expr, long: 'word '.repeat(60) });
    expect(file.contentFrom(undefined)).toBe(
      [
        '# Made by `pointsman generate`: what is changed here is lost with the next one, and a check finds it.',
        '# About.',
        'expr: |-',
        ...expr.split('\n').map((line) => `  ${line}`),
        `long: "${'word '.repeat(60)}"`,
        '',
      ].join('\n'),
    );
  });
});
