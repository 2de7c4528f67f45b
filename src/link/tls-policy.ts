/**
 * What captured devices negotiate: TLS 1.2 at most, RSA key exchange, no SNI (protocol 4.1). The four suites that
 * every captured ClientHello offers come last; better ones first, for firmware that has them. The 3DES suites of
 * the legacy controller are left out: OpenSSL 3 no longer has them.
 */
const DEVICE_CIPHERS = [
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES256-SHA384',
  'ECDHE-RSA-AES128-SHA256',
  'ECDHE-RSA-AES256-SHA',
  'ECDHE-RSA-AES128-SHA',
  'AES256-GCM-SHA384',
  'AES128-GCM-SHA256',
  'AES256-SHA256',
  'AES256-SHA',
  'AES128-SHA256',
  'AES128-SHA',
].join(':');

/** Options of `tls.createServer` and `tls.connect` for the devices' port. */
export const DEVICE_TLS = { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2', ciphers: DEVICE_CIPHERS } as const;

/** A certificate and its private key, both in PEM. */
export interface Identity {
  readonly cert: string;
  readonly key: string;
}
