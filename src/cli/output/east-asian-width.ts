// How many columns of a terminal does text take? Two for what East Asian fonts draw wide, one for all else.
//
// Not what terminals do with combining marks or emoji sequences, but what the reference counts: each code point whose
// East_Asian_Width is W, F or A (ambiguous) is two, any other one.
// https://www.unicode.org/Public/16.0.0/ucd/EastAsianWidth.txt

/** The wide ranges, as `gap from the last range,length - 1` in base 36; a length of one is left out. */
const ranges =
  '4h;3;3,1;2;3,1;2,4;2,4;2,3;7;a;7,1;6,3;5;2,2;2,1;3;2,1;4,3;2;2;3;g;2;8;b,1;4;6,2;5;7,3;2;4,3;2;5,1;j,1;4;2r;' +
  '2;2;2;2;2;2;2;39;g;2r;3;2,2;2;3;8,3;2;2;x,33;y,g;2,6;8,g;2,6;1k;f,1r;2;2i7,2n;2wh;3,3;2,1;3,1;3,2;2,3;9;2,1;' +
  '2;6;3;1i;b;2,3;14;2f;2;4;a;3;b,1;4;5;14,1;7,3;2,b;5,9;g;7,9;v,1;p;2;j;p;2,1;4,1;3;4;2;4;5;3,3;3;2;2,5;2;6,3;' +
  '5,1;b;4;6;e,1;3,3;3,1;3,1;j,1;3,1;e;4;c;q;2b;8,1;e,1;5b,3;4;3;31,3t;2,2o;5,z;d,f;3,3;b,1;2,6;9,1;3,1;5,1;3,1' +
  ';5,2;3;3,3;h,3;a;e,1;7,1;3;5,1;5,1;7;2;i,7;9;2;6,b;d,1;2,2;2,3;2,1;2;g;b,5;4;b,1;2;9,1;i,2;5,t;2;5,n;6;5,1;t' +
  ';l;f;2;5,2;2;v,9;m,2;p;f;nw,1;1g;5,4;mf,p;2,2g;d,5x;r,26;3,2d;3,2u;6,16;2,2l;2,2d;a,1b;2,mlo;4,1i;wq,s;hw,8m' +
  'b;1nh,5bz;ld,p;n,y;2,i;2,3;46,2n;3k,6;n;m3n,4;c,1;f,4qf;9,yd;16,9;6w8,3;2,6;2,1;2,82;g;u,2;3;f,3;9,az;6bp,2e' +
  ';a,m;5n2;5n;1d,a;6,t;3,1l;7,1o;2c,2;e,17;5,8;8,1;f,5;4b,w;d,8;2,1x;2,l;d,16;5,4;d,g;4;4,1y;2;2,56;3,1q;e,3;2' +
  ',n;j;r,1;e;2f,2c;1d,1x;7;4,2;3,2;5,3;c,1;8,8;6c,b;5;7w,1a;2,9;2,54;35,c;4,9;6,1j;8,e;3,a;7,8;zs,1ekd;3,1ekd;' +
  'e1vn,6n;1e6p,1ekd;3,1ekd'

let starts: number[] | undefined
let ends: number[] | undefined

/** Columns of a text. */
export function columnsOf(text: string): number {
  if (/^[ -~]*$/.test(text)) return text.length
  let columns = 0
  for (const char of text) columns += isWide(char.codePointAt(0) as number) ? 2 : 1
  return columns
}

function isWide(code: number): boolean {
  if (starts === undefined || ends === undefined) [starts, ends] = unpack()
  let low = 0
  let high = starts.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((starts[middle] as number) <= code) low = middle + 1
    else high = middle
  }
  return low > 0 && code <= (ends[low - 1] as number)
}

function unpack(): [starts: number[], ends: number[]] {
  const first: number[] = []
  const last: number[] = []
  let at = 0
  for (const range of ranges.split(';')) {
    const [gap = '', length = '0'] = range.split(',')
    first.push((at += parseInt(gap, 36)))
    last.push((at += parseInt(length, 36)))
  }
  return [first, last]
}
