// exp on two lanes at a time, by table (Tang, 1989, ACM TOMS 15(2), with steps of 2^(1/128)): x = k ln2 / 128 + r with
// |r| <= ln2 / 256 = 0.0027, exp(x) = 2^(k div 128) 2^((k mod 128) / 128) exp(r). The Taylor sum of exp(r) up to r^5
// leaves a relative error of r^6 / 720 < 6e-19; what remains is the rounding of the table and of the last operations,
// together below 1.02 ulp.

import { madd, nmadd, splatAt } from './simd';

/** 2^(i / 128), i = 0 .. 127, rounded to nearest. */
const powers: usize = memory.data<f64>([
  1.0, 1.0054299011128027, 1.0108892860517005, 1.016378314910953, 1.0218971486541166,
  1.0274459491187637, 1.0330248790212284, 1.0386341019613787, 1.0442737824274138, 1.0499440858006872,
  1.0556451783605572, 1.061377227289262, 1.0671404006768237, 1.0729348675259756, 1.0787607977571199,
  1.0846183622133092, 1.0905077326652577, 1.0964290818163769, 1.102382583307841, 1.1083684117236787,
  1.1143867425958924, 1.1204377524096067, 1.1265216186082418, 1.1326385195987192, 1.1387886347566916,
  1.1449721444318042, 1.1511892299529827, 1.1574400736337511, 1.1637248587775775, 1.1700437696832502,
  1.1763969916502812, 1.182784710984341, 1.189207115002721, 1.1956643920398273, 1.202156731452703,
  1.2086843236265816, 1.215247359980469, 1.2218460329727576, 1.22848053610687, 1.2351510639369334,
  1.241857812073484, 1.2486009771892048, 1.255380757024691, 1.2621973503942507, 1.2690509571917332,
  1.275941778396392, 1.2828700160787783, 1.2898358734066657, 1.2968395546510096, 1.3038812651919358,
  1.3109612115247644, 1.318079601266064, 1.3252366431597413, 1.3324325470831615, 1.339667524053303,
  1.3469417862329458, 1.3542555469368927, 1.3616090206382248, 1.3690024229745905, 1.3764359707545302,
  1.383909881963832, 1.3914243757719262, 1.3989796725383112, 1.4065759938190154, 1.4142135623730951,
  1.4218926021691656, 1.42961333839197, 1.4373759974489824, 1.4451808069770467, 1.4530279958490526,
  1.460917794180647, 1.4688504333369818, 1.4768261459394993, 1.4848451658727524, 1.4929077282912648,
  1.5010140696264256, 1.5091644275934228, 1.5173590411982147, 1.5255981507445384, 1.533881997840956,
  1.5422108254079407, 1.550584877685, 1.559004400237837, 1.567469639965553, 1.5759808451078865,
  1.5845382652524937, 1.593142151342267, 1.6017927556826934, 1.6104903319492543, 1.6192351351948637,
  1.6280274218573478, 1.6368674497669644, 1.645755478153965, 1.6546917676561943, 1.6636765803267364,
  1.6727101796415966, 1.681792830507429, 1.6909247992693053, 1.7001063537185235, 1.709337763100463,
  1.718619298122478, 1.7279512309618377, 1.7373338352737062, 1.746767386199169, 1.7562521603732995,
  1.7657884359332727, 1.7753764925265212, 1.785016611318935, 1.7947090750031072, 1.804454167806624,
  1.8142521755003989, 1.8241033854070534, 1.8340080864093424, 1.843966568958626, 1.8539791250833855,
  1.864046048397789, 1.8741676341103, 1.8843441790323345, 1.8945759815869656, 1.9048633418176741,
  1.9152065613971474, 1.925605943636125, 1.9360617934922943, 1.9465744175792332, 1.9571441241754002,
  1.9677712232331759, 1.978456026387951, 1.9891988469672663,
]);

/**
 * Constants in memory, because V8 builds a literal vector anew at every use, which costs more than a load: 128 / ln2;
 * 1.5 * 2^52, whose addition leaves a whole number in the low bits; ln2 / 128 in two parts, the first of 34 bits so
 * that its product with k is exact; 1/120, 1/24, 1/6, 1/2.
 */
const constants: usize = memory.data<f64>([
  184.6649652337873, 6755399441055744.0, 0.005415212347998022, 1.2655086083325438e-13, 0.008333333333333333,
  0.041666666666666664, 0.16666666666666666, 0.5,
]);

/** The bits of k mod 128, in both lanes. */
const lowBits: usize = memory.data<i64>([127, 127]);

/** The least and the greatest argument of `expLanes`: 2^-1021 and 2^1022 are still in the range of normal numbers. */
const least: f64 = -708;
const greatest: f64 = 709;

/**
 * exp(x) for -708 <= x <= 709 in each lane, times 2^bias. Not-a-number stays one; outside the range the result is
 * arbitrary.
 */
@inline
export function expLanes(x: v128, bias: i64 = 0): v128 {
  const shifter = v128.load64_splat(constants, 8);
  const shifted = madd(x, splatAt(constants), shifter);
  const k = f64x2.sub(shifted, shifter);
  const r = nmadd(k, v128.load64_splat(constants, 24), nmadd(k, v128.load64_splat(constants, 16), x));
  // exp(r) - 1
  let sum = madd(r, v128.load64_splat(constants, 32), v128.load64_splat(constants, 40));
  sum = madd(r, sum, v128.load64_splat(constants, 48));
  sum = madd(r, sum, v128.load64_splat(constants, 56));
  sum = madd(f64x2.mul(r, r), sum, r);
  const low = powers + ((<usize>i32x4.extract_lane(shifted, 0) & 127) << 3);
  const high = powers + ((<usize>i32x4.extract_lane(shifted, 2) & 127) << 3);
  const power = v128.load64_lane(high, v128.load64_zero(low), 1);
  // k div 128 goes into the exponent: the bits of k from the 8th on, moved to bit 52.
  let scale = i64x2.add(power, i64x2.shl(v128.andnot(shifted, v128.load(lowBits)), 45));
  if (bias != 0) scale = i64x2.add(scale, i64x2.splat(bias << 52));
  return madd(scale, sum, scale);
}

/** y_i = exp(x_i) for n values; x = y is allowed. */
export function exp(n: i32, x: usize, y: usize): void {
  for (; n >= 2; n -= 2) {
    const values = v128.load(x);
    v128.store(y, expLanes(values));
    const isOutside = v128.or(f64x2.lt(values, f64x2.splat(least)), f64x2.gt(values, f64x2.splat(greatest)));
    if (v128.any_true(isOutside)) {
      store<f64>(y, expAnywhere(f64x2.extract_lane(values, 0)));
      store<f64>(y, expAnywhere(f64x2.extract_lane(values, 1)), 8);
    }
    x += 16;
    y += 16;
  }
  if (n > 0) store<f64>(y, expAnywhere(load<f64>(x)));
}

/** exp of any number: near the ends of the range computed with another exponent, which is then multiplied away. */
function expAnywhere(x: f64): f64 {
  if (x > 709.782712893384) return Infinity;
  if (x < -745.1332191019412) return 0;
  const both = f64x2.splat(x);
  if (x > greatest) return f64x2.extract_lane(expLanes(both, -64), 0) * 18446744073709551616.0;
  if (x < least) return f64x2.extract_lane(expLanes(both, 64), 0) * 5.421010862427522e-20;
  return f64x2.extract_lane(expLanes(both), 0);
}
