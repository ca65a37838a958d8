# Draws differences.svg and differences.png from differences.tsv. In this folder: gnuplot -d differences.gp
set encoding utf8
set datafile separator tab
set datafile missing 'NaN'
unset key
set border 3 linecolor rgb '#59636e' linewidth 1
set tics nomirror out scale 0.6 textcolor rgb '#59636e'
set grid ytics linetype 1 linewidth 0.8 linecolor rgb '#dfe4ea'
set lmargin at screen 0.125
set rmargin at screen 0.7763
set bmargin at screen 0.3558
set tmargin at screen 0.7212
set label 1 'Difference to Model A, seed by seed' at screen 0.0184, 0.8846 left font ',17' textcolor rgb '#1f2328'
set xrange [-0.0438019:0.00476726]
set xtics ('−4' -0.04, '−3' -0.03, '−2' -0.02, '−1' -0.01, '0' 0)
f(x) = x
set yrange [-1.6:0.6]
unset ytics
set border 1
set grid noytics xtics linetype 1 linewidth 0.8 linecolor rgb '#dfe4ea'
set xlabel 'difference in test accuracy (percentage points)' textcolor rgb '#59636e' offset 0,0.2
set arrow 1 from first 0, graph 0 to first 0, graph 1 nohead linewidth 1.4 linecolor rgb '#59636e' back
set label 2 'Model C' at graph -0.02, first -0 right textcolor rgb '#009e73'
set label 3 '−0.25  p 0.101 ≈' at graph 1.02, first -0 left textcolor rgb '#1f2328'
set label 4 'Model B' at graph -0.02, first -1 right textcolor rgb '#d55e00'
set label 5 '−3.78  p < 0.001' at graph 1.02, first -1 left textcolor rgb '#1f2328'

set terminal svg size 760,208 dynamic noenhanced font 'sans-serif,15' background '#ffffff'
set output 'differences.svg'
plot \
  'differences.tsv' index 0 using (f($1 < -0.04380192057463232 ? -0.04380192057463232 : ($1 > 0.004767263485170725 ? 0.004767263485170725 : $1))):2:(f($3 < -0.04380192057463232 ? -0.04380192057463232 : ($3 > 0.004767263485170725 ? 0.004767263485170725 : $3)) - f($1 < -0.04380192057463232 ? -0.04380192057463232 : ($1 > 0.004767263485170725 ? 0.004767263485170725 : $1))):(0) with vectors nohead linewidth 9 linecolor rgb '#a6ddce', \
  'differences.tsv' index 1 using (f($1)):2 with points pointtype 7 pointsize 0.65 linecolor rgb '#009e73', \
  'differences.tsv' index 2 using (f($1)):($2 - 0.3):(0):(0.6) with vectors nohead linewidth 3 linecolor rgb '#009e73', \
  'differences.tsv' index 3 using (f($1 < -0.04380192057463232 ? -0.04380192057463232 : ($1 > 0.004767263485170725 ? 0.004767263485170725 : $1))):2:(f($3 < -0.04380192057463232 ? -0.04380192057463232 : ($3 > 0.004767263485170725 ? 0.004767263485170725 : $3)) - f($1 < -0.04380192057463232 ? -0.04380192057463232 : ($1 > 0.004767263485170725 ? 0.004767263485170725 : $1))):(0) with vectors nohead linewidth 9 linecolor rgb '#f0c7a6', \
  'differences.tsv' index 4 using (f($1)):2 with points pointtype 7 pointsize 0.65 linecolor rgb '#d55e00', \
  'differences.tsv' index 5 using (f($1)):($2 - 0.3):(0):(0.6) with vectors nohead linewidth 3 linecolor rgb '#d55e00'
unset output

set terminal pngcairo size 1520,416 noenhanced font 'sans-serif,11.3' fontscale 2 linewidth 2 pointscale 2 background '#ffffff'
set output 'differences.png'
replot
unset output
