# Draws final.svg and final.png from final.tsv. In this folder: gnuplot -d final.gp
set encoding utf8
set datafile separator tab
set datafile missing 'NaN'
unset key
set border 3 linecolor rgb '#59636e' linewidth 1
set tics nomirror out scale 0.6 textcolor rgb '#59636e'
set grid ytics linetype 1 linewidth 0.8 linecolor rgb '#dfe4ea'
set lmargin at screen 0.125
set rmargin at screen 0.8224
set bmargin at screen 0.3008
set tmargin at screen 0.7642
set label 1 'Test accuracy per configuration, last evaluation' at screen 0.0184, 0.9024 left font ',17' textcolor rgb '#1f2328'
set xrange [0.925532:0.973468]
set xtics ('93' 0.93, '94' 0.94, '95' 0.95, '96' 0.96, '97' 0.97)
f(x) = x
set yrange [-2.6:0.6]
unset ytics
set border 1
set grid noytics xtics linetype 1 linewidth 0.8 linecolor rgb '#dfe4ea'
set xlabel 'test accuracy (%)' textcolor rgb '#59636e' offset 0,0.2
set label 2 'Model A' at graph -0.02, first -0 right textcolor rgb '#0072b2'
set label 3 '96.91 ± 0.11' at graph 1.02, first -0 left textcolor rgb '#1f2328'
set label 4 'Model C' at graph -0.02, first -1 right textcolor rgb '#009e73'
set label 5 '96.65 ± 0.24' at graph 1.02, first -1 left textcolor rgb '#1f2328'
set label 6 'Model B' at graph -0.02, first -2 right textcolor rgb '#d55e00'
set label 7 '93.12 ± 0.23' at graph 1.02, first -2 left textcolor rgb '#1f2328'

set terminal svg size 760,246 dynamic noenhanced font 'sans-serif,15' background '#ffffff'
set output 'final.svg'
plot \
  'final.tsv' index 0 using (f($1 < 0.925532 ? 0.925532 : ($1 > 0.973468 ? 0.973468 : $1))):2:(f($3 < 0.925532 ? 0.925532 : ($3 > 0.973468 ? 0.973468 : $3)) - f($1 < 0.925532 ? 0.925532 : ($1 > 0.973468 ? 0.973468 : $1))):(0) with vectors nohead linewidth 9 linecolor rgb '#a6cee4', \
  'final.tsv' index 1 using (f($1)):2 with points pointtype 7 pointsize 0.65 linecolor rgb '#0072b2', \
  'final.tsv' index 2 using (f($1)):($2 - 0.3):(0):(0.6) with vectors nohead linewidth 3 linecolor rgb '#0072b2', \
  'final.tsv' index 3 using (f($1 < 0.925532 ? 0.925532 : ($1 > 0.973468 ? 0.973468 : $1))):2:(f($3 < 0.925532 ? 0.925532 : ($3 > 0.973468 ? 0.973468 : $3)) - f($1 < 0.925532 ? 0.925532 : ($1 > 0.973468 ? 0.973468 : $1))):(0) with vectors nohead linewidth 9 linecolor rgb '#a6ddce', \
  'final.tsv' index 4 using (f($1)):2 with points pointtype 7 pointsize 0.65 linecolor rgb '#009e73', \
  'final.tsv' index 5 using (f($1)):($2 - 0.3):(0):(0.6) with vectors nohead linewidth 3 linecolor rgb '#009e73', \
  'final.tsv' index 6 using (f($1 < 0.925532 ? 0.925532 : ($1 > 0.973468 ? 0.973468 : $1))):2:(f($3 < 0.925532 ? 0.925532 : ($3 > 0.973468 ? 0.973468 : $3)) - f($1 < 0.925532 ? 0.925532 : ($1 > 0.973468 ? 0.973468 : $1))):(0) with vectors nohead linewidth 9 linecolor rgb '#f0c7a6', \
  'final.tsv' index 7 using (f($1)):2 with points pointtype 7 pointsize 0.65 linecolor rgb '#d55e00', \
  'final.tsv' index 8 using (f($1)):($2 - 0.3):(0):(0.6) with vectors nohead linewidth 3 linecolor rgb '#d55e00'
unset output

set terminal pngcairo size 1520,492 noenhanced font 'sans-serif,11.3' fontscale 2 linewidth 2 pointscale 2 background '#ffffff'
set output 'final.png'
replot
unset output
