/**
 * A certificate for `localhost` and its key, valid from 2020 to 2120, so that tests need no openssl.
 * The key is public, being committed here: it protects nothing, and nothing but tests may trust it.
 */

export const certificate = {
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgDN4TPnhqQEbVyUpZ
orZqRufRYMycS8avmlXeLUE3Jl6hRANCAAR6E54LSxm7YAAh2sgMnbK1uOGd9aen
Gf/VV1peHnh22e5dm8Dlk8t1asoC1jaw8GCNo5j3DeW8dvLSJmvci6EJ
-----END PRIVATE KEY-----
`,
  cert: `-----BEGIN CERTIFICATE-----
MIIBZzCCAQ2gAwIBAgIBATAKBggqhkjOPQQDAjAUMRIwEAYDVQQDDAlsb2NhbGhv
c3QwIBcNMjAwMTAxMDAwMDAwWhgPMjEyMDAxMDEwMDAwMDBaMBQxEjAQBgNVBAMM
CWxvY2FsaG9zdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABHoTngtLGbtgACHa
yAydsrW44Z31p6cZ/9VXWl4eeHbZ7l2bwOWTy3VqygLWNrDwYI2jmPcN5bx28tIm
a9yLoQmjTjBMMBoGA1UdEQQTMBGCCWxvY2FsaG9zdIcEfwAAATAPBgNVHRMBAf8E
BTADAQH/MB0GA1UdDgQWBBRxbMy3kjDlbCg5MLrxpuSLbXjekzAKBggqhkjOPQQD
AgNIADBFAiEAkL78umE8V5EDen8r9n72B3j6vukPBTddDVYpwZW0iNACIEbA2XJe
jwcNjNxCl+l0KF2/Q7NY1yzeiNeLn8fu665b
-----END CERTIFICATE-----
`,
};
