import { parseDialAddress } from './connector';

describe('parseDialAddress', () => {
  test.each([
    ['127.0.0.1:23778', { host: '127.0.0.1', port: 23778, tls: false }],
    ['hub.local:23779?tls', { host: 'hub.local', port: 23779, tls: true }],
    ['[::1]:1', { host: '::1', port: 1, tls: false }],
  ])('reads %s', (text, address) => {
    expect(parseDialAddress(text)).toEqual(address);
  });

  test.each([
    '',
    'hub',
    'hub:',
    ':1',
    'hub:0',
    'hub:65536',
    'hub:1?ssl',
    '::1:1',
    'hub:1 ',
    'a b:1',
    'hub:-1',
  ])('refuses %p', (text) => {
    expect(parseDialAddress(text)).toBeUndefined();
  });
});
