import { X509Certificate } from 'node:crypto';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ownIdentity, readIdentity } from './certificate';

const NOW = Date.UTC(2026, 0, 1);

describe('the certificate for devices', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pointsman-certificate-'));
  });

  afterEach(() => rm(folder, { recursive: true }));

  it('is made once, and is the same after a restart', async () => {
    const first = await ownIdentity(folder, NOW);
    expect(await ownIdentity(folder, NOW + 1)).toEqual(first);
    expect(await readdir(folder)).toEqual(['device-tls.json']);
    expect((await stat(join(folder, 'device-tls.json'))).mode & 0o777).toBe(0o600);
  });

  it('has an RSA key, because devices know no other, and holds for years', async () => {
    const { cert } = await ownIdentity(folder, NOW);
    const certificate = new X509Certificate(cert);
    expect(certificate.publicKey.asymmetricKeyType).toBe('rsa');
    expect(certificate.publicKey.asymmetricKeyDetails?.modulusLength).toBe(2048);
    expect(Date.parse(certificate.validTo)).toBe(NOW + 3650 * 86_400_000);
  });

  it('may be the operator’s own', async () => {
    const [certFile, keyFile] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
    await writeFile(certFile, 'CERT');
    await writeFile(keyFile, 'KEY');
    expect(await readIdentity(certFile, keyFile)).toEqual({ cert: 'CERT', key: 'KEY' });
  });

  it('is refused in a sentence when a file is missing', async () => {
    await expect(readIdentity(join(folder, 'none.pem'), join(folder, 'none.key'))).rejects.toMatchObject({
      code: 'config.invalid',
      message: expect.stringMatching(/^the devices' certificate cannot be read: ENOENT/) as string,
    });
  });
});
