import { isLoopbackHost } from '../kernel/loopback-host';
import { isOwnOrigin } from './origin';

describe('isLoopbackHost', () => {
  test.each([
    '127.0.0.1',
    '127.0.0.1:8080',
    '127.8.9.10:1',
    '[::1]',
    '[::1]:8080',
    'localhost',
    'localhost:65535',
  ])('believes %j', (host) => expect(isLoopbackHost(host)).toBe(true));

  test.each([
    undefined,
    '',
    'evil.example',
    'evil.example:8080',
    '127.0.0.1.evil.example',
    '127.0.0.1:8080.evil.example',
    'localhost.evil.example',
    'evil-localhost',
    'evil.example#127.0.0.1',
    'user@127.0.0.1',
    '0.0.0.0',
    '0.0.0.0:8080',
    '10.127.0.0.1',
    '128.0.0.1',
    '::1',
    '[::2]',
    '[::ffff:127.0.0.1]',
    '127.0.0.1:',
    '127.0.0.1:x',
    ' 127.0.0.1',
    '127.0.0.1\n',
    '127.1',
    '2130706433',
  ])('does not believe %j', (host) => expect(isLoopbackHost(host)).toBe(false));
});

describe('isOwnOrigin', () => {
  test.each([
    ['http://127.0.0.1:8080', '127.0.0.1:8080', true],
    ['https://pointsman.example', 'pointsman.example', true],
    ['http://127.0.0.1:8081', '127.0.0.1:8080', false],
    ['http://localhost:8080', '127.0.0.1:8080', false],
    ['http://evil.example', '127.0.0.1:8080', false],
    ['http://127.0.0.1:8080.evil.example', '127.0.0.1:8080', false],
    ['null', '127.0.0.1:8080', false],
    ['null', 'null', false],
    ['', '', false],
    ['file://127.0.0.1:8080', '127.0.0.1:8080', false],
    ['http://127.0.0.1:8080', undefined, false],
  ])('of %j at host %j is %s', (origin, host, own) => expect(isOwnOrigin(origin, host)).toBe(own));
});
