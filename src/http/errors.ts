import { defineErrors } from '../errors/define-errors.js';

export const httpError = defineErrors({
  /** A certificate or key given for TLS. `problem` is OpenSSL's code, or a few words. */
  CERTIFICATE_UNUSABLE: ({
    which,
    problem,
  }: {
    readonly which: 'certificate authority' | 'client certificate';
    readonly problem: string;
  }) => ({
    reason: `The ${which} cannot be used (${problem}).`,
    next:
      which === 'client certificate'
        ? 'Pass the certificate and its private key, both in PEM, and the passphrase if the key has one.'
        : 'Pass certificates in PEM: they begin with -----BEGIN CERTIFICATE-----.',
  }),
});
