/** Members of private JSON Web Keys by `kty`: the secret one, the fewest base64url characters it has, and what must stand beside it. */
export const privateKeyParts: Record<string, { secret: string; least: number; needs: readonly string[] }> = {
  RSA: { secret: "d", least: 64, needs: ["n", "e"] },
  EC: { secret: "d", least: 40, needs: ["crv", "x", "y"] },
  OKP: { secret: "d", least: 40, needs: ["crv", "x"] },
  oct: { secret: "k", least: 16, needs: [] },
};
