# Draws final.svg and final.png from final.tsv. In this folder: gnuplot -d final.gp
set encoding utf8
set datafile separator tab
set datafile missing 'NaN'
unset key
set border 3 linecolor rgb '#59636e' linewidth 1
set tics nomirror out scale 0.6 textcolor rgb '#59636e'
set grid ytics linetype 1 linewidth 0.8 linecolor rgb '#dfe4ea'
set lmargin at screen 0.1632
set rmargin at screen 0.8224
set bmargin at screen 0.3558
set tmargin at screen 0.7212
set label 1 'Test accuracy per configuration, last evaluation' at screen 0.0184, 0.8846 left font ',17' textcolor rgb '#1f2328'
set xrange [0.995518:0.997982]
set xtics ('99.60' 0.996, '99.65' 0.9965, '99.70' 0.997, '99.75' 0.9975)
f(x) = x
set yrange [-0.6:0.6]
unset ytics
set border 1
set grid noytics xtics linetype 1 linewidth 0.8 linecolor rgb '#dfe4ea'
set xlabel 'test accuracy (%)' textcolor rgb '#59636e' offset 0,0.2
set label 2 'mnist-99-7' at graph -0.02, first -0 right textcolor rgb '#0072b2'
set label 3 '99.68 ± 0.01' at graph 1.02, first -0 left textcolor rgb '#1f2328'

set terminal svg size 760,208 dynamic noenhanced font 'sans-serif,15' background '#ffffff'
set output 'final.svg'
plot \
  'final.tsv' index 0 using (f($1 < 0.995518 ? 0.995518 : ($1 > 0.997982 ? 0.997982 : $1))):2:(f($3 < 0.995518 ? 0.995518 : ($3 > 0.997982 ? 0.997982 : $3)) - f($1 < 0.995518 ? 0.995518 : ($1 > 0.997982 ? 0.997982 : $1))):(0) with vectors nohead linewidth 9 linecolor rgb '#a6cee4', \
  'final.tsv' index 1 using (f($1)):2 with points pointtype 7 pointsize 0.65 linecolor rgb '#0072b2', \
  'final.tsv' index 2 using (f($1)):($2 - 0.3):(0):(0.6) with vectors nohead linewidth 3 linecolor rgb '#0072b2'
unset output

set terminal pngcairo size 1520,416 noenhanced font 'sans-serif,11.3' fontscale 2 linewidth 2 pointscale 2 background '#ffffff'
set output 'final.png'
replot
unset output
