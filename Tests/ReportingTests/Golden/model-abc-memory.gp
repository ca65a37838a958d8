# Draws memory.svg and memory.png from memory.tsv. In this folder: gnuplot -d memory.gp
set encoding utf8
set datafile separator tab
set datafile missing 'NaN'
unset key
set border 3 linecolor rgb '#59636e' linewidth 1
set tics nomirror out scale 0.6 textcolor rgb '#59636e'
set grid ytics linetype 1 linewidth 0.8 linecolor rgb '#dfe4ea'
set lmargin at screen 0.125
set rmargin at screen 0.8921
set bmargin at screen 0.3008
set tmargin at screen 0.7642
set label 1 'Memory of a training process' at screen 0.0184, 0.9024 left font ',17' textcolor rgb '#1f2328'
set xrange [0:318]
set xtics ('0' 0, '100' 100, '200' 200, '300' 300)
f(x) = x
set yrange [-2.6:0.6]
unset ytics
set border 1
set grid noytics xtics linetype 1 linewidth 0.8 linecolor rgb '#dfe4ea'
set xlabel 'peak memory (MB)' textcolor rgb '#59636e' offset 0,0.2
set label 2 'Model A' at graph -0.02, first -0 right textcolor rgb '#0072b2'
set label 3 '300 MB' at graph 1.02, first -0 left textcolor rgb '#1f2328'
set label 4 'Model B' at graph -0.02, first -1 right textcolor rgb '#d55e00'
set label 5 '300 MB' at graph 1.02, first -1 left textcolor rgb '#1f2328'
set label 6 'Model C' at graph -0.02, first -2 right textcolor rgb '#009e73'
set label 7 '300 MB' at graph 1.02, first -2 left textcolor rgb '#1f2328'

set terminal svg size 760,246 dynamic noenhanced font 'sans-serif,15' background '#ffffff'
set output 'memory.svg'
plot \
  'memory.tsv' index 0 using (f($1)):2 with points pointtype 7 pointsize 0.65 linecolor rgb '#0072b2', \
  'memory.tsv' index 1 using (f($1)):($2 - 0.3):(0):(0.6) with vectors nohead linewidth 3 linecolor rgb '#0072b2', \
  'memory.tsv' index 2 using (f($1)):2 with points pointtype 7 pointsize 0.65 linecolor rgb '#d55e00', \
  'memory.tsv' index 3 using (f($1)):($2 - 0.3):(0):(0.6) with vectors nohead linewidth 3 linecolor rgb '#d55e00', \
  'memory.tsv' index 4 using (f($1)):2 with points pointtype 7 pointsize 0.65 linecolor rgb '#009e73', \
  'memory.tsv' index 5 using (f($1)):($2 - 0.3):(0):(0.6) with vectors nohead linewidth 3 linecolor rgb '#009e73'
unset output

set terminal pngcairo size 1520,492 noenhanced font 'sans-serif,11.3' fontscale 2 linewidth 2 pointscale 2 background '#ffffff'
set output 'memory.png'
replot
unset output
