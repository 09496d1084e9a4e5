/** How often two bytes stand side by side in source text. */

/**
 * The commonest pairs of printable bytes, commonest first; counted over 34 MB of TypeScript, JavaScript, Python and Go sources
 * (the Python and Go standard libraries, typeorm and express).
 */
const commonest = [
  "  in, ere re= onteat =ort  tse istesnts thti a sdeenn leet--editalhe c: coraantaismetrarner d  n",
  'f ro eeliong r fpens { 0ri "ctecnd dasgeurun oam) noto0xliceou pporrrttymancueomcaol//ifpa (nave',
  'adapluex bllimlornod ueasiilsss.() wlaumchtu/  mmposy foacdae( *e.ptabrsbeot lefhao fi Try",yput',
  'ullficr( }diprai00hit(uil idustsema blig), 1Coof""==vaopm grg h socklsrc..cle_ept.oc \' ge:pl))ie',
  'e,):quhoe)runic mnf.phfrfugot_ag v# keeesc Gsuldsaeg("s:mi #(s :tttp /lt _> mo N./Nowash*  -wi")',
  "s( [.sppowirE ddnnn( h__.  Cdo.cuprm `crdgyssp 2},Errg0,T weoi{ fax.xpbul(ewx1fed_Ret,ba Aeq EPo",
  "ibnu IivSosyxtoogi_sze Shts)THnxr.r)lys_ .s,.e.a_ct)1 gs})dr.0 P )iz._ci_p0 eyER/..tATbyaSw 1,d(",
  'S_eiawyt10} ubia\',ThNaauevS EToaghbo:=ff_t Drk FSYh((e_eD e"wh0.eoavipd.p .iT_]  !0)YS_n` In1)" ',
  ">>cu_ducn.obmb).- woe1_i; HE 3ovPr(cbj1.k dsaf.gvi**.p_S(p(tny_afl.n.mmugn!=y(IN``EN B @32ED >IS",
  "TE=>(d_f(ntcSt +('20 | R.dpims64uaLEr,_gjeps\".2, kPa.r[]rdmm(fpuRE.12.Maay':MA(0Entwnft\"(GOTNObi",
  'xcm/])SE(ar_.fs"":SI| tlTaIOGEogOCx2TORTIF.P\')Sedu(unvd,NEn_IP{0pybcf,n,Tr 412G.x8x ##MeIT.bd)/*',
  'p(y:yn);s[_,_m],CO_rc_RA2)STfd+ (rTIQuf)*/Exg.Tyt3E_G Fanky.d:2 s/ONt:OP </tnl_lp.De.ld"/g(1DaRO',
  'ANTer"Ca Ml_akn)t6n: q.2(lNDhu11F_"seChrwrdC80PR16 UDIGr(io.uf[0TAb.IL/s_Pcc On"FIx4xi0]dl([3.xa',
  'e-r:x0"cDO02_CY Si_MVaxeP g,"]O c.axftR csMEOMqlh.guy,3,PEix["g(=" 5',
].join("");

const shares = new Map<number, number>();
for (let rank = 0; rank * 2 < commonest.length; rank++) {
  const pair = (commonest.charCodeAt(rank * 2) << 8) | commonest.charCodeAt(rank * 2 + 1);
  // Fits the counts within a factor of two: 17 % are two spaces, rank 100 has 0.2 %, rank 600 0.04 %.
  shares.set(pair, rank === 0 ? 0.17 : 0.02 / (1 + rank / 12));
}

/** The share of all pairs in source text that this one has, estimated. */
export function pairShare(first: number, second: number): number {
  if (first < 0x20 || second < 0x20) return 0.004;
  return shares.get((first << 8) | second) ?? 0.0001;
}

const byteShares = new Float64Array(256).fill(0.0005);
for (const [pair, share] of shares) byteShares[pair >> 8]! += share;

/** The share of all bytes in source text that are this one, estimated from the pairs that begin with it. */
export function byteShare(byte: number): number {
  return byteShares[byte]!;
}
